/// What each piece of a template compiles to.
extension Compiler {
    func body(_ nodes: [Node], _ frame: Frame) {
        guard !hasStopped, let first = nodes.first else { return }
        guard depth < Templating.deepest else {
            stop(frame, first.offset, "this stands more than \(Templating.deepest) levels deep")
            return
        }
        depth += 1
        defer { depth -= 1 }
        for node in nodes {
            guard mayGrow(by: node.size, { problem(frame.template, node.offset, $0) }) else {
                return
            }
            self.node(node, frame)
        }
    }

    func stop(_ frame: Frame, _ offset: Int, _ message: String) {
        problem(frame.template, offset, message)
        halt()
    }

    func node(_ node: Node, _ frame: Frame) {
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
            reached.insert(Place(file: frame.template.file, offset: node.offset))
            if let given = blocks[name] {
                let template = given.files.template
                reached.insert(Place(file: template.file, offset: given.offset))
                let inner = Frame(template: template, scope: frame.scope, files: given.files)
                self.body(given.body, inner)
            } else {
                self.body(body, frame)
            }
        case .include(let path): include(path, at: node.offset, frame)
        case .component(let component): self.component(component, at: node.offset, frame)
        }
    }

    private func text(_ range: Range<Int>, _ frame: Frame) {
        let bytes = frame.template.source.bytes[range]
        if !isPlainText, !contextIsLost {
            for flaw in known.read(bytes, of: frame.template.file, &context) {
                problem(frame.template, flaw.offset, flaw.message)
                contextIsLost = flaw.losesPlace
            }
        }
        code.copy(bytes)
    }

    func loseContext(_ frame: Frame, _ offset: Int, _ message: String) {
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
            case .failure(let reason):
                // A layout's comment that is never closed is one mistake, not one of every page.
                if context.isInsideCommentOrElement, context.opened?.file != frame.template.file {
                    problem(whereOpened: context, reason.message)
                    contextIsLost = true
                    return
                }
                contextIsLost = reason.losesPlace
                // Nor is one that the page itself does not close one of every value after it.
                if context.isInsideComment {
                    guard toldComment != context.opened else { return }
                    toldComment = context.opened
                }
                problem(frame.template, offset, reason.message)
            }
        }
    }

    private func condition(
        _ branches: [Node.Branch],
        _ otherwise: [Node],
        at offset: Int,
        _ frame: Frame
    ) {
        let start = context
        let end = code.label()
        var ends: [HTMLContext] = []
        var isDecided = false
        for branch in branches {
            let term = resolve(branch.condition, frame.scope)
            check(condition: term)
            if term.truth == false { continue }
            isDecided = term.truth == true
            let next = code.label()
            if !isDecided { jump(term, when: false, to: next) }
            context = start
            reached.insert(Place(file: frame.template.file, offset: branch.condition.offset))
            body(branch.body, frame)
            ends.append(context)
            if isDecided { break }
            code.emit(Operation(.jump), to: end)
            code.place(next)
        }
        if !isDecided {
            context = start
            reached.insert(Place(file: frame.template.file, offset: offset))
            body(otherwise, frame)
            ends.append(context)
        }
        code.place(end)
        guard !contextIsLost else { return }
        var joined = ends[0]
        for other in ends.dropFirst() {
            guard let both = joined.joined(with: other) else {
                let help =
                    [joined, other].contains { $0.state == .unquoted }
                    ? "put quotation marks round the attribute's value, or a space behind it "
                        + "inside its branch"
                    : "open and close tags and quotation marks inside one branch"
                loseContext(
                    frame,
                    offset,
                    "the branches of this if end in different places of the HTML: \(help)"
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
        let start = context
        let number = loops
        let register = Register.firstLoop + number
        let isRecord: RecordShape?
        let form: Term.Form
        switch element(of: term) {
        case .record(let shape)?:
            isRecord = shape
            form = .value(register: register, steps: [], .record(shape))
        case let element?:
            isRecord = nil
            form = .value(register: register, steps: [Term.Step(offset: 0, shape: nil)], element)
        case nil:
            // Told already; what else is in the body is told too.
            isRecord = nil
            form = .broken
        }
        let empty = code.label()
        let turn = code.label()
        let (from, at) = operand(term)
        code.emit(
            Operation(.loop, register: from, a: at, b: number),
            to: empty,
            origin: term.origin
        )
        code.place(turn)
        code.emit(
            Operation(.bind, register: number, b: isRecord.map { code.shapeNumber($0) } ?? -1),
            origin: term.origin
        )
        loops += 1
        code.program.loops = max(code.program.loops, loops)
        let scope = Scope(parent: frame.scope, names: [name: .value(form)], loop: number)
        self.body(body, Frame(template: frame.template, scope: scope, files: frame.files))
        loops -= 1
        expect(start, frame, offset, "the loop's body")
        code.emit(Operation(.next, register: number), to: turn, origin: term.origin)
        if otherwise.isEmpty {
            code.place(empty)
        } else {
            let end = code.label()
            code.emit(Operation(.jump), to: end)
            code.place(empty)
            self.body(otherwise, frame)
            expect(start, frame, offset, "the loop's else")
            code.place(end)
        }
    }

    private func expect(_ start: HTMLContext, _ frame: Frame, _ offset: Int, _ what: String) {
        guard !contextIsLost, context != start else { return }
        loseContext(
            frame,
            offset,
            "\(what) ends in another place of the HTML than it began: open and close tags and "
                + "quotation marks inside it"
        )
    }

    private func include(_ path: String, at offset: Int, _ frame: Frame) {
        guard let template = library.templates[path] else {
            problem(frame.template, offset, "there is no template “\(path)”")
            isWhole = false
            return
        }
        guard let files = opened(template, at: offset, frame) else { return }
        body(template.nodes, Frame(template: template, scope: frame.scope, files: files))
    }

    /// The files open inside another, unless that would go round in a circle.
    func opened(_ template: Template, at offset: Int, _ frame: Frame) -> FileChain? {
        guard let files = chain(template, at: offset, frame) else {
            isWhole = false
            return nil
        }
        return files
    }

    private func chain(_ template: Template, at offset: Int, _ frame: Frame) -> FileChain? {
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
}
