/// Reads the inside of one tag. The first thing it does not understand is its one problem.
struct TagReader {
    private let symbols: [Symbol]
    private let source: Source
    private let file: Int
    private let start: Int
    private var at = 0
    private var depth = 0
    private(set) var problems: [Problem] = []

    init(_ token: Token, source: Source, file: Int) {
        symbols = token.symbols
        self.source = source
        self.file = file
        start = token.offset
    }

    // MARK: Words

    mutating func name() -> String? {
        guard case .name(let name)? = next else { return nil }
        at += 1
        return name
    }

    /// A name that the template itself gives to something.
    mutating func newName() -> String? {
        let here = offset
        guard let name = name() else { return fail("a name is missing here") }
        guard !Expression.reserved.contains(name) else {
            problems.append(
                source.problem(here, "“\(name)” already has a meaning: take another name")
            )
            return nil
        }
        return name
    }

    mutating func word(_ word: String) -> Bool {
        if next == .name(word) {
            at += 1
            return true
        }
        fail("“\(word)” is missing here", as: Bool.self)
        return false
    }

    mutating func mark(_ mark: String) -> Bool {
        if skip(mark) { return true }
        fail("“\(mark)” is missing here", as: Bool.self)
        return false
    }

    mutating func text(_ what: String) -> String? {
        guard case .text(let text)? = next else {
            return fail("\(what) is missing here, in quotation marks")
        }
        at += 1
        return text
    }

    mutating func expectEnd() {
        guard problems.isEmpty, at < symbols.count else { return }
        fail("this is one thing too many", as: Bool.self)
    }

    /// `name=value name=value` to the end of the tag.
    mutating func arguments() -> [Expression.Argument]? {
        var arguments: [Expression.Argument] = []
        while at < symbols.count {
            guard let argument = argument(after: arguments) else { return nil }
            arguments.append(argument)
        }
        return arguments
    }

    private mutating func argument(after others: [Expression.Argument]) -> Expression.Argument? {
        let here = offset
        guard let name = newName(), mark("="), let value = expression() else { return nil }
        guard !others.contains(where: { $0.name == name }) else {
            problems.append(source.problem(here, "“\(name)” is given twice"))
            return nil
        }
        return Expression.Argument(name: name, offset: here, value: value)
    }

    // MARK: Expressions

    mutating func expression() -> Expression? {
        guard depth < Templating.deepest else { return fail("this is nested too deeply") }
        depth += 1
        defer { depth -= 1 }
        return list("or", { $0.list("and", { $0.negation() }, { .all($0) }) }, { .any($0) })
    }

    private mutating func list(
        _ word: String,
        _ part: (inout TagReader) -> Expression?,
        _ joined: ([Expression]) -> Expression.Form
    ) -> Expression? {
        let here = offset
        guard let first = part(&self) else { return nil }
        var parts = [first]
        while next == .name(word) {
            at += 1
            guard let another = part(&self) else { return nil }
            parts.append(another)
        }
        return parts.count == 1 ? first : expression(joined(parts), here)
    }

    private mutating func negation() -> Expression? {
        let here = offset
        var negated = false
        var any = false
        while next == .name("not") {
            at += 1
            negated.toggle()
            any = true
        }
        guard let inner = comparison() else { return nil }
        if !any { return inner }
        let one = expression(.not(inner), here)
        return negated ? one : expression(.not(one), here)
    }

    private mutating func comparison() -> Expression? {
        let here = offset
        guard let left = filtered() else { return nil }
        let negated = next == .mark("!=")
        guard negated || next == .mark("==") else { return left }
        at += 1
        guard let right = filtered() else { return nil }
        return expression(.equal(left, right, negated: negated), here)
    }

    private mutating func filtered() -> Expression? {
        let here = offset
        guard var value = primary() else { return nil }
        var filters = 0
        while skip("|") {
            filters += 1
            guard filters <= 4 else { return fail("these are more filters than anything needs") }
            guard let filter = filter() else { return nil }
            value = expression(.filter(filter, value), here)
        }
        return value
    }

    private mutating func filter() -> Expression.Filter? {
        let here = offset
        guard let name = name() else { return fail("the filter's name is missing here") }
        switch name {
        case "count": return .count
        case "join": return parenthesis("the text that joins").map { .join($0) }
        case "default": return parenthesis("the text to draw instead").map { .otherwise($0) }
        default:
            problems.append(
                source.problem(
                    here,
                    "there is no filter “\(name)”: the filters are count, join and default"
                )
            )
            return nil
        }
    }

    private mutating func parenthesis(_ what: String) -> String? {
        guard mark("("), let text = text(what), mark(")") else { return nil }
        return text
    }

    private mutating func primary() -> Expression? {
        let here = offset
        switch next {
        case .text(let text)?:
            if text.contains("{{"), text.contains("}}") {
                fail("inside a tag a text stands as it is: {{ means nothing", as: Void.self)
            }
            at += 1
            return expression(.text(text), here)
        case .number(let number)?:
            at += 1
            return expression(.number(number), here)
        case .mark("(")?:
            at += 1
            guard let inner = expression(), mark(")") else { return nil }
            return inner
        case .name("true")?, .name("false")?:
            let truth = next == .name("true")
            at += 1
            return expression(.truth(truth), here)
        case .name("t")?:
            at += 1
            return words(here)
        case .name(let first)?:
            if Expression.joining.contains(first) { return fail("a value is missing here") }
            at += 1
            var path = [first]
            while skip(".") {
                guard let name = name() else { return fail("a name is missing after the dot") }
                path.append(name)
            }
            return expression(.name(path), here)
        default:
            return fail("a value is missing here")
        }
    }

    /// After `t`: its key and what fills its gaps.
    private mutating func words(_ here: Int) -> Expression? {
        guard mark("("), let key = text("the phrase's key") else { return nil }
        var arguments: [Expression.Argument] = []
        while skip(",") {
            guard let argument = argument(after: arguments) else { return nil }
            arguments.append(argument)
        }
        guard mark(")") else { return nil }
        return expression(.words(key, arguments), here)
    }

    // MARK: Symbols

    private var next: Symbol.Kind? { at < symbols.count ? symbols[at].kind : nil }

    private var offset: Int {
        at < symbols.count ? symbols[at].offset : symbols.last?.offset ?? start
    }

    private mutating func skip(_ mark: String) -> Bool {
        guard next == .mark(mark) else { return false }
        at += 1
        return true
    }

    private func expression(_ form: Expression.Form, _ offset: Int) -> Expression {
        Expression(form: form, file: file, offset: offset)
    }

    @discardableResult
    private mutating func fail<Result>(_ message: String, as _: Result.Type = Result.self)
        -> Result?
    {
        problems.append(source.problem(offset, message))
        return nil
    }
}
