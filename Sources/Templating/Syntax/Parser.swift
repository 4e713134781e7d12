/// Reads one file into a tree. Whatever the bytes are, it answers with a tree and a list of
/// problems; it never gives up at the first.
struct Parser {
    private let source: Source
    private let file: Int
    private let tokens: [Token]
    private var at = 0
    private var depth = 0
    private var blocks: Set<String> = []
    private var gaveUp = false
    private(set) var problems: [Problem]

    init(_ source: Source, file: Int) {
        self.source = source
        self.file = file
        var tokenizer = Tokenizer(source)
        tokens = tokenizer.cut()
        problems = tokenizer.problems
    }

    mutating func template() -> Template {
        var template = Template(source: source, file: file)
        if String(validating: source.bytes, as: UTF8.self) == nil {
            problem(0, "this file is not UTF-8")
            return template
        }
        template.page = pageName()
        while at < tokens.count {
            let (nodes, end) = body(in: .file, &template)
            template.nodes += nodes
            guard let end else { break }
            problem(end.offset, "nothing is open here: take this tag away")
        }
        return template
    }

    /// The page named by a first line of `{# page WeekPage #}`.
    private func pageName() -> String? {
        guard let first = tokens.first, first.kind == .comment else { return nil }
        let words = source.text(first.range).split(whereSeparator: \.isWhitespace)
        return words.count == 2 && words[0] == "page" ? String(words[1]) : nil
    }

    /// Inside what a body stands, which decides the tags that may end or divide it.
    private enum Place {
        case file
        case block
        case condition
        case loop
        case component
    }

    /// A tag that ends or divides the body before it.
    private struct Ending {
        enum Kind {
            case end
            case otherwise
            case elseIf
            case slot
        }

        let kind: Kind
        let offset: Int
        var reader: TagReader
    }

    private mutating func body(
        in place: Place,
        _ template: inout Template
    ) -> (nodes: [Node], ending: Ending?) {
        var nodes: [Node] = []
        while at < tokens.count {
            if problems.count >= Templating.mostProblems {
                at = tokens.count
                gaveUp = true
                break
            }
            let token = tokens[at]
            at += 1
            switch token.kind {
            case .comment: break
            case .text:
                if !token.range.isEmpty {
                    nodes.append(Node(kind: .text(token.range), offset: token.range.lowerBound))
                }
            case .draw:
                var reader = TagReader(token, source: source, file: file)
                if let expression = finish(&reader, { $0.expression() }) {
                    nodes.append(Node(kind: .draw(expression), offset: token.offset))
                }
            case .tag:
                if let ending = self.ending(token, in: place) { return (nodes, ending) }
                if let node = node(token, place, &template) { nodes.append(node) }
            }
        }
        return (nodes, nil)
    }

    private func ending(_ token: Token, in place: Place) -> Ending? {
        guard case .name(let word)? = token.symbols.first?.kind else { return nil }
        var reader = TagReader(token, source: source, file: file)
        _ = reader.name()
        let kind: Ending.Kind
        switch (word, place) {
        case ("end", _): kind = .end
        case ("else", .condition), ("else", .loop): kind = .otherwise
        case ("elif", .condition): kind = .elseIf
        case ("slot", .component): kind = .slot
        default: return nil
        }
        return Ending(kind: kind, offset: token.offset, reader: reader)
    }

    private mutating func node(_ token: Token, _ place: Place, _ template: inout Template) -> Node?
    {
        var reader = TagReader(token, source: source, file: file)
        guard let word = reader.name() else {
            problem(token.offset, "a tag begins with a word, such as if, for or include")
            return nil
        }
        let kind: Node.Kind?
        switch word {
        case "if": kind = condition(&reader, token.offset, &template)
        case "for": kind = loop(&reader, token.offset, &template)
        case "let": kind = alias(&reader, token.offset, &template)
        case "block": kind = block(&reader, token.offset, &template)
        case "component": kind = component(&reader, token.offset, &template)
        case "include":
            kind = finish(&reader) { $0.text("the file to include") }.map { .include($0) }
        case "extends":
            kind = nil
            let path = finish(&reader) { $0.text("the layout's file") }
            if place != .file || template.extends != nil {
                problem(token.offset, "extends stands once, at the top of a file")
            } else if let path {
                template.extends = (path, token.offset)
            }
        case "else", "elif":
            kind = nil
            problem(token.offset, "\(word) stands inside an if\(word == "else" ? " or a for" : "")")
        case "slot":
            kind = nil
            problem(token.offset, "a slot stands directly inside a component")
            _ = rest(token.offset, "slot", &template)
        default:
            kind = nil
            problem(
                token.offset,
                "there is no tag “\(word)”: a tag is one of if, elif, else, for, let, extends, "
                    + "block, include, component, slot, end"
            )
        }
        return kind.map { Node(kind: $0, offset: token.offset) }
    }

    // MARK: Tags with a body

    private mutating func condition(
        _ reader: inout TagReader,
        _ offset: Int,
        _ template: inout Template
    ) -> Node.Kind {
        var condition = finish(&reader) { $0.expression() } ?? broken(offset)
        var branches: [Node.Branch] = []
        var otherwise: [Node] = []
        var seenElse = false
        while true {
            let (nodes, ending) = nested(in: .condition, offset, "if", &template)
            if seenElse {
                otherwise += nodes
            } else {
                branches.append(Node.Branch(condition: condition, body: nodes))
            }
            guard var ending else { break }
            if ending.kind == .end {
                _ = finish(&ending.reader) { _ in true }
                break
            }
            if seenElse { problem(ending.offset, "nothing but end follows else") }
            if ending.kind == .elseIf {
                condition = finish(&ending.reader) { $0.expression() } ?? broken(ending.offset)
            } else {
                _ = finish(&ending.reader) { _ in true }
                seenElse = true
            }
        }
        return .condition(branches, otherwise: otherwise)
    }

    private mutating func loop(
        _ reader: inout TagReader,
        _ offset: Int,
        _ template: inout Template
    ) -> Node.Kind {
        let (name, list) = binding(&reader, offset) { $0.word("in") }
        let (body, middle) = nested(in: .loop, offset, "for", &template)
        var otherwise: [Node] = []
        if var middle {
            _ = finish(&middle.reader) { _ in true }
            if middle.kind == .otherwise {
                otherwise = rest(offset, "for", &template)
            }
        }
        return .loop(name, list, body: body, otherwise: otherwise)
    }

    private mutating func alias(
        _ reader: inout TagReader,
        _ offset: Int,
        _ template: inout Template
    ) -> Node.Kind {
        let (name, value) = binding(&reader, offset) { $0.mark("=") }
        return .alias(name, value, body: rest(offset, "let", &template))
    }

    /// A name and what it is given. What could not be read leaves a gap, not the body untold.
    private mutating func binding(
        _ reader: inout TagReader,
        _ offset: Int,
        _ joint: (inout TagReader) -> Bool
    ) -> (name: String, value: Expression) {
        var name = Expression.unreadName
        let value = finish(&reader) { reader -> Expression? in
            guard let given = reader.newName() else { return nil }
            name = given
            return joint(&reader) ? reader.expression() : nil
        }
        return (name, value ?? broken(offset))
    }

    private func broken(_ offset: Int) -> Expression {
        Expression(form: .broken, file: file, offset: offset)
    }

    private mutating func block(
        _ reader: inout TagReader,
        _ offset: Int,
        _ template: inout Template
    ) -> Node.Kind? {
        let name = finish(&reader) { $0.newName() }
        if let name, !blocks.insert(name).inserted {
            problem(offset, "the block “\(name)” stands here twice")
        }
        let body = rest(offset, "block", &template)
        return name.map { .block($0, body) }
    }

    private mutating func component(
        _ reader: inout TagReader,
        _ offset: Int,
        _ template: inout Template
    ) -> Node.Kind? {
        let head = finish(&reader) { reader -> (String, [Expression.Argument])? in
            guard let name = reader.text("the component's name"), let arguments = reader.arguments()
            else { return nil }
            return (name, arguments)
        }
        var content: [Node] = []
        var slots: [Node.Slot] = []
        while true {
            let (nodes, ending) = nested(in: .component, offset, "component", &template)
            content += nodes
            guard var ending else { break }
            if ending.kind == .end {
                _ = finish(&ending.reader) { _ in true }
                break
            }
            let name = finish(&ending.reader) { $0.newName() }
            let body = rest(ending.offset, "slot", &template)
            guard let name else { continue }
            if slots.contains(where: { $0.name == name }) {
                problem(ending.offset, "the slot “\(name)” is filled twice")
            }
            slots.append(Node.Slot(name: name, offset: ending.offset, body: body))
        }
        return head.map { name, arguments in
            .component(
                Node.Component(name: name, arguments: arguments, content: content, slots: slots)
            )
        }
    }

    /// A body that runs to its own `end`, with nothing in between.
    private mutating func rest(
        _ offset: Int,
        _ word: String,
        _ template: inout Template
    ) -> [Node] {
        let (nodes, ending) = nested(in: .block, offset, word, &template)
        if var ending { _ = finish(&ending.reader) { _ in true } }
        return nodes
    }

    private mutating func nested(
        in place: Place,
        _ offset: Int,
        _ word: String,
        _ template: inout Template
    ) -> (nodes: [Node], ending: Ending?) {
        guard depth < Templating.deepest else {
            problem(offset, "this stands more than \(Templating.deepest) levels deep")
            at = tokens.count
            gaveUp = true
            return ([], nil)
        }
        depth += 1
        defer { depth -= 1 }
        let result = body(in: place, &template)
        if result.ending == nil, !gaveUp {
            problem(offset, "this \(word) has no {% end %}")
        }
        return result
    }

    /// Reads a tag to its end; whatever is left over is a problem.
    private mutating func finish<Result>(
        _ reader: inout TagReader,
        _ read: (inout TagReader) -> Result?
    ) -> Result? {
        let result = read(&reader)
        if result != nil { reader.expectEnd() }
        problems += reader.problems
        return reader.problems.isEmpty ? result : nil
    }

    private mutating func problem(_ offset: Int, _ message: String) {
        problems.append(source.problem(offset, message))
    }
}
