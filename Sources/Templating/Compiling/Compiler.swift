/// Turns one page's template, with everything it draws on, into one program for one language.
///
/// Layouts, includes, components and slots are put in where they stand, so nothing is called or
/// looked up when the page is drawn, and each is checked in the place where it is used.
final class Compiler {
    /// Registers below the loops': the page's record, the site's, and one for stepping through records.
    enum Register {
        static let page = 0
        static let site = 1
        static let scratch = 2
        static let firstLoop = 3
    }

    /// Where a piece of a template stands.
    struct Frame {
        let template: Template
        let scope: Scope
        let files: FileChain
    }

    let library: Library
    let language: Language
    var problems = ProblemList()
    var program = Program()

    private var context = HTMLContext()
    /// After a problem with the HTML nothing further is said about it, since all of it would be wrong.
    private var contextIsLost = false
    private var isPlainText = false
    private var depth = 0
    private var loops = 0
    private var hasStopped = false
    private var resolved = 0
    private var globals = Scope(parent: nil)
    /// The bodies that the page, or a layout nearer to it, gives to a layout's blocks.
    private var blocks: [String: (body: [Node], files: FileChain)] = [:]

    private var labels: [Int] = []
    private var jumps: [(operation: Int, label: Label)] = []
    /// No text may be joined to what stands before this operation, since a jump leads here.
    private var barrier = 0
    /// By file and byte.
    private var placeNumbers: [Int: Int32] = [:]
    private let known: KnownContexts

    init(library: Library, language: Language, known: KnownContexts) {
        self.library = library
        self.language = language
        self.known = known
    }

    func compile(_ page: PageShape, site: Record) -> Program {
        guard let template = library.templates[page.template] else {
            problems.add(
                Problem(
                    file: page.template,
                    line: 0,
                    column: 0,
                    message: "there is no such template"
                )
            )
            return program
        }
        isPlainText = template.source.isPlainText
        if template.page == nil {
            problem(template, 0, "the first line names the page: {# page WeekPage #}")
        }
        globals = Scope(
            parent: nil,
            names: [
                "site": .value(
                    .value(register: Register.site, steps: [], .record(RecordShape(of: site)))
                )
            ]
        )
        program.shapes = [RecordShape(of: page.example), RecordShape(of: site)]
        checkNames(program.shapes[0], template)
        let scope = Scope(parent: globals, names: fields(of: program.shapes[0], in: Register.page))
        let root = layout(of: template)
        body(root.template.nodes, Frame(template: root.template, scope: scope, files: root))
        if !contextIsLost, !isPlainText, let unfinished = context.unfinished {
            problem(template, 0, "the page ends inside \(unfinished)")
        }
        emit(Operation(.end))
        program.pool += Array(repeating: 0, count: Output.slack)
        for (operation, label) in jumps {
            program.operations[operation].c = Int32(truncatingIfNeeded: labels[label.number])
        }
        return program
    }

    private func checkNames(_ shape: RecordShape, _ template: Template) {
        for name in ["site", "loop", "slot", "t"] where shape.names.contains(name) {
            problem(
                template,
                0,
                "the example uses the name “\(name)”, which has a meaning of its own"
            )
        }
        var waiting = [Shape.record(shape)]
        while let next = waiting.popLast() {
            switch next {
            case .record(let record):
                for name in record.repeated {
                    problem(template, 0, "the example has the name “\(name)” twice")
                }
                for name in record.names where !isName(name) {
                    problem(
                        template,
                        0,
                        "the example's name “\(name)” cannot be written in a template"
                    )
                }
                waiting += record.shapes
            case .list(let element): waiting += element.map { [$0] } ?? []
            default: break
            }
        }
    }

    private func fields(of shape: RecordShape, in register: Int) -> [String: Scope.Binding] {
        var names: [String: Scope.Binding] = [:]
        for (slot, name) in shape.names.enumerated() {
            let step = Term.Step(offset: Record.offset(ofSlot: slot), shape: nil)
            names[name] = .value(.value(register: register, steps: [step], shape.shapes[slot]))
        }
        return names
    }

    // MARK: Layouts

    /// The outermost layout, after gathering the blocks on the way there.
    private func layout(of template: Template) -> FileChain {
        var files = FileChain(template, inside: nil)
        while let (path, offset) = files.template.extends {
            let here = files.template
            guard let next = library.templates[path] else {
                problem(here, offset, "there is no template “\(path)”")
                return files
            }
            if files.contains(path) {
                problem(here, offset, "this goes round in a circle: \(files.trail(to: path))")
                return files
            }
            if next.source.isPlainText != isPlainText {
                problem(here, offset, "a page and a text file cannot share a layout")
            }
            gatherBlocks(of: here, extending: next, files)
            files = FileChain(next, inside: files)
        }
        return files
    }

    private func gatherBlocks(of template: Template, extending layout: Template, _ files: FileChain)
    {
        for node in template.nodes {
            switch node.kind {
            case .text(let range) where template.source.isBlank(range): break
            case .block(let name, let body):
                if !offered(name, from: layout) {
                    problem(template, node.offset, "no layout of this page has a block “\(name)”")
                }
                if blocks[name] == nil { blocks[name] = (body, files) }
            default:
                problem(
                    template,
                    node.offset,
                    "outside a block this is never drawn, since the file extends a layout"
                )
            }
        }
    }

    private func offered(_ block: String, from layout: Template) -> Bool {
        var found = false
        var template = layout
        var seen: Set<String> = []
        while seen.insert(template.source.path).inserted {
            template.walk { if case .block(block, _) = $0.kind { found = true } }
            guard let next = template.extends.flatMap({ library.templates[$0.path] }) else { break }
            template = next
        }
        return found
    }

    // MARK: Nodes

    private func body(_ nodes: [Node], _ frame: Frame) {
        guard !hasStopped, let first = nodes.first else { return }
        guard depth < Templating.deepest else {
            stop(frame, first.offset, "this stands more than \(Templating.deepest) levels deep")
            return
        }
        depth += 1
        defer { depth -= 1 }
        for node in nodes {
            guard !hasStopped else { return }
            self.node(node, frame)
            if !hasStopped, program.operations.count > Templating.mostOperations {
                stop(
                    frame,
                    node.offset,
                    "this page grows too large: too many files include one another"
                )
            }
        }
    }

    /// Names that stand for other names can multiply as files can.
    func mayGoOn(_ expression: Expression) -> Bool {
        resolved += 1
        if resolved == Templating.mostOperations {
            problem(expression, "this page grows too large: too many names stand for other names")
            hasStopped = true
            contextIsLost = true
        }
        return resolved < Templating.mostOperations
    }

    private func stop(_ frame: Frame, _ offset: Int, _ message: String) {
        problem(frame.template, offset, message)
        hasStopped = true
        contextIsLost = true
    }

    private func node(_ node: Node, _ frame: Frame) {
        switch node.kind {
        case .text(let range): text(range, frame)
        case .draw(let expression):
            let term = resolve(expression, frame.scope)
            if case .slot(let name, let content, let use) = term.form {
                slot(name, content, use, expression)
            } else {
                draw(term, at: node.offset, frame)
            }
        case .condition(let branches, let otherwise):
            condition(branches, otherwise, at: node.offset, frame)
        case .loop(let name, let list, let body, let otherwise):
            loop(name, list, body, otherwise, at: node.offset, frame)
        case .alias(let name, let value, let body):
            _ = resolve(value, frame.scope)
            let scope = Scope(parent: frame.scope, names: [name: .expression(value, frame.scope)])
            self.body(body, Frame(template: frame.template, scope: scope, files: frame.files))
        case .block(let name, let body):
            if let (given, files) = blocks[name] {
                let inner = Frame(template: files.template, scope: frame.scope, files: files)
                self.body(given, inner)
            } else {
                self.body(body, frame)
            }
        case .include(let path): include(path, at: node.offset, frame)
        case .component(let component): self.component(component, at: node.offset, frame)
        }
    }

    private func text(_ range: Range<Int>, _ frame: Frame) {
        let bytes = frame.template.source.bytes[range]
        if !isPlainText, !contextIsLost,
            let (offset, message) = known.read(bytes, of: frame.template.file, &context)
        {
            loseContext(frame, offset, message)
        }
        copy(bytes)
    }

    private func loseContext(_ frame: Frame, _ offset: Int, _ message: String) {
        problem(frame.template, offset, message)
        contextIsLost = true
    }

    private func draw(_ term: Term, at offset: Int, _ frame: Frame) {
        if contextIsLost {
            draw(term, as: .text)
        } else if isPlainText {
            draw(term, as: .none)
        } else {
            switch context.draw() {
            case .success(let escape): draw(term, as: escape)
            case .failure(let reason): loseContext(frame, offset, reason.message)
            }
        }
    }

    private func slot(
        _ name: String,
        _ content: [Node]?,
        _ use: ComponentUse,
        _ expression: Expression
    ) {
        guard let content else {
            problem(
                expression,
                name.isEmpty
                    ? "the component “\(use.name)” was given nothing to hold: ask {% if slot %} first"
                    : "the component “\(use.name)” was given no slot “\(name)”: ask {% if slot.\(name) %} first"
            )
            return
        }
        body(content, Frame(template: use.files.template, scope: use.scope, files: use.files))
    }

    private func condition(
        _ branches: [Node.Branch],
        _ otherwise: [Node],
        at offset: Int,
        _ frame: Frame
    ) {
        let start = context
        let end = label()
        var ends: [HTMLContext] = []
        var isDecided = false
        for branch in branches {
            let term = resolve(branch.condition, frame.scope)
            check(condition: term)
            if term.truth == false { continue }
            isDecided = term.truth == true
            let next = label()
            if !isDecided { jump(term, when: false, to: next) }
            context = start
            body(branch.body, frame)
            ends.append(context)
            if isDecided { break }
            emit(Operation(.jump), to: end)
            place(next)
        }
        if !isDecided {
            context = start
            body(otherwise, frame)
            ends.append(context)
        }
        place(end)
        guard !contextIsLost else { return }
        var joined = ends[0]
        for other in ends.dropFirst() {
            guard let both = joined.joined(with: other) else {
                loseContext(
                    frame,
                    offset,
                    "the branches of this if end in different places of the HTML: open and close tags and quotation marks inside one branch"
                )
                return
            }
            joined = both
        }
        context = joined
    }

    private func loop(
        _ name: String,
        _ list: Expression,
        _ body: [Node],
        _ otherwise: [Node],
        at offset: Int,
        _ frame: Frame
    ) {
        let term = resolve(list, frame.scope)
        guard let element = element(of: term) else { return }
        let start = context
        let number = loops
        let register = Register.firstLoop + number
        let isRecord: RecordShape?
        let form: Term.Form
        if case .record(let shape) = element {
            isRecord = shape
            form = .value(register: register, steps: [], element)
        } else {
            isRecord = nil
            form = .value(register: register, steps: [Term.Step(offset: 0, shape: nil)], element)
        }
        let empty = label()
        let turn = label()
        let (from, at) = operand(term)
        emit(Operation(.loop, register: from, a: at, b: number), to: empty, origin: term.origin)
        place(turn)
        emit(
            Operation(.bind, register: number, b: isRecord.map(shapeNumber) ?? -1),
            origin: term.origin
        )
        loops += 1
        program.loops = max(program.loops, loops)
        let scope = Scope(parent: frame.scope, names: [name: .value(form)], loop: number)
        self.body(body, Frame(template: frame.template, scope: scope, files: frame.files))
        loops -= 1
        expect(start, frame, offset, "the loop's body")
        emit(Operation(.next, register: number), to: turn)
        if otherwise.isEmpty {
            place(empty)
        } else {
            let end = label()
            emit(Operation(.jump), to: end)
            place(empty)
            self.body(otherwise, frame)
            expect(start, frame, offset, "the loop's else")
            place(end)
        }
    }

    private func expect(_ start: HTMLContext, _ frame: Frame, _ offset: Int, _ what: String) {
        guard !contextIsLost, context != start else { return }
        loseContext(
            frame,
            offset,
            "\(what) ends in another place of the HTML than it began: open and close tags and quotation marks inside it"
        )
    }

    private func include(_ path: String, at offset: Int, _ frame: Frame) {
        guard let template = library.templates[path] else {
            problem(frame.template, offset, "there is no template “\(path)”")
            return
        }
        guard let files = opened(template, at: offset, frame) else { return }
        body(template.nodes, Frame(template: template, scope: frame.scope, files: files))
    }

    private func component(_ component: Node.Component, at offset: Int, _ frame: Frame) {
        for argument in component.arguments { _ = resolve(argument.value, frame.scope) }
        guard let template = library.component(component.name) else {
            problem(
                frame.template,
                offset,
                "there is no component “\(component.name)”, that is, no “\(Library.path(ofComponent: component.name))”"
            )
            return
        }
        guard let files = opened(template, at: offset, frame) else { return }
        let known = library.interface(ofComponent: component.name)
        var names: [String: Scope.Binding] = [:]
        for argument in component.arguments {
            if !known.arguments.contains(argument.name) {
                problem(
                    frame.template,
                    argument.offset,
                    "the component “\(component.name)” takes no “\(argument.name)”"
                )
            }
            names[argument.name] = .expression(argument.value, frame.scope)
        }
        let use = ComponentUse(
            name: component.name,
            slots: slots(of: component, known.slots, at: offset, frame),
            scope: frame.scope,
            files: frame.files
        )
        let scope = Scope(parent: globals, names: names, component: use)
        body(template.nodes, Frame(template: template, scope: scope, files: files))
    }

    private func slots(
        of component: Node.Component,
        _ known: Set<String>,
        at offset: Int,
        _ frame: Frame
    ) -> [String: [Node]] {
        var slots: [String: [Node]] = [:]
        let isEmpty = component.content.allSatisfy { node in
            if case .text(let range) = node.kind { return frame.template.source.isBlank(range) }
            return false
        }
        if !isEmpty {
            slots[""] = component.content
            if !known.contains("") {
                problem(
                    frame.template,
                    offset,
                    "the component “\(component.name)” has no place for what stands between its tags"
                )
            }
        }
        for slot in component.slots {
            slots[slot.name] = slot.body
            if !known.contains(slot.name) {
                problem(
                    frame.template,
                    slot.offset,
                    "the component “\(component.name)” has no slot “\(slot.name)”"
                )
            }
        }
        return slots
    }

    /// The files open inside another, unless that would go round in a circle.
    private func opened(_ template: Template, at offset: Int, _ frame: Frame) -> FileChain? {
        let path = template.source.path
        if frame.files.contains(path) {
            problem(
                frame.template,
                offset,
                "this goes round in a circle: \(frame.files.trail(to: path))"
            )
            return nil
        }
        if template.extends != nil {
            problem(frame.template, offset, "“\(path)” extends a layout, so it can only be a page")
            return nil
        }
        if template.source.isPlainText != isPlainText {
            problem(frame.template, offset, "a page and a text file cannot include one another")
            return nil
        }
        return FileChain(template, inside: frame.files)
    }

    // MARK: Operations

    struct Label {
        let number: Int
    }

    func label() -> Label {
        labels.append(-1)
        return Label(number: labels.count - 1)
    }

    func place(_ label: Label) {
        labels[label.number] = program.operations.count
        barrier = program.operations.count
    }

    func copy(_ bytes: some Collection<UInt8>) {
        guard !bytes.isEmpty else { return }
        let start = program.pool.count
        program.pool.append(contentsOf: bytes)
        if let last = lastCopy {
            program.operations[last].b += Int32(truncatingIfNeeded: bytes.count)
        } else {
            emit(Operation(.copy, a: start, b: bytes.count))
        }
    }

    /// The last operation, if it copies and nothing jumps to what follows it.
    private var lastCopy: Int? {
        let last = program.operations.count - 1
        return last >= barrier && last >= 0 && program.operations[last].code == .copy ? last : nil
    }

    func emit(_ operation: Operation, to label: Label? = nil, origin: Expression? = nil) {
        var operation = operation
        // Drawing and stepping on begin by copying, which saves an operation each.
        if let last = lastCopy, operation.code == .draw || operation.code == .next {
            let copy = program.operations[last]
            if operation.code == .draw {
                operation.b = copy.a
                operation.c = copy.b
            } else {
                operation.a = copy.a
                operation.b = copy.b
            }
            program.operations.removeLast()
            program.origins.removeLast()
        }
        if let label { jumps.append((program.operations.count, label)) }
        program.operations.append(operation)
        program.origins.append(origin.map(placeNumber) ?? -1)
    }

    func constant(_ value: Value) -> Int {
        program.constants.append(value)
        return program.constants.count - 1
    }

    func shapeNumber(_ shape: RecordShape) -> Int {
        if let known = program.shapes.firstIndex(where: { $0.hash == shape.hash }) { return known }
        program.shapes.append(shape)
        return program.shapes.count - 1
    }

    private func placeNumber(_ expression: Expression) -> Int32 {
        let key = expression.file << 32 | expression.offset
        if let known = placeNumbers[key] { return known }
        let number = Int32(truncatingIfNeeded: program.places.count)
        program.places.append(
            Program.Place(
                file: expression.file,
                offset: expression.offset,
                name: expression.spelling
            )
        )
        placeNumbers[key] = number
        return number
    }

    // MARK: Problems

    func problem(_ expression: Expression, _ message: String) {
        guard let source = library.source(of: expression) else { return }
        problems.add(source.problem(expression.offset, message))
    }

    func problem(_ template: Template, _ offset: Int, _ message: String) {
        problems.add(template.source.problem(offset, message))
    }
}
