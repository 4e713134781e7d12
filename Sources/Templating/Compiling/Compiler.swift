/// Turns one page's template, with everything it draws on, into one program for one language.
///
/// Layouts, includes, components and slots are put in where they stand, so nothing is called or
/// looked up when the page is drawn, and each is checked in the place where it is used.
final class Compiler {
    /// Registers below the loops': the page's record, the site's, and one to step through records.
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
    var code = Emitter()

    var context = HTMLContext()
    /// After a problem that leaves open where the HTML has got to nothing further is said of it,
    /// since all would be wrong.
    var contextIsLost = false
    /// The comment that a value was last refused in.
    var toldComment: HTMLContext.Place?
    var isPlainText = false
    var depth = 0
    var loops = 0
    var hasStopped = false
    /// What it has grown to so far.
    private var size = 0
    /// Set while the gaps of a phrase are filled.
    var isInPhrase = false
    var globals = Scope(parent: nil)
    /// The bodies that the page, or a layout nearer to it, gives to a layout's blocks.
    var blocks: [String: (body: [Node], offset: Int, files: FileChain)] = [:]
    /// The blocks that it came to, those whose bodies it drew there, and the branches that it took.
    var reached: Set<Place> = []
    /// Whether everything that the page draws on was found and compiled.
    var isWhole = true

    struct Place: Hashable {
        let file: Int
        let offset: Int
    }

    let known: KnownContexts

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
                    message: "there is no such template for the page “\(page.name)”"
                )
            )
            isWhole = false
            return Program()
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
        let shape = RecordShape(of: page.example)
        code.program.shapes = [shape, RecordShape(of: site)]
        checkNames(shape, template)
        let scope = Scope(parent: globals, names: fields(of: shape, in: Register.page))
        let root = layout(of: template)
        body(root.template.nodes, Frame(template: root.template, scope: scope, files: root))
        if !contextIsLost, !isPlainText, let unfinished = context.unfinished {
            problem(whereOpened: context, "the page ends inside \(unfinished)")
        }
        return code.finished()
    }

    private func checkNames(_ shape: RecordShape, _ template: Template) {
        for name in shape.names where Expression.reserved.contains(name) {
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
                isWhole = false
                return files
            }
            if files.contains(path) {
                problem(here, offset, "this goes round in a circle: \(files.trail(to: path))")
                isWhole = false
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
                if blocks[name] == nil { blocks[name] = (body, node.offset, files) }
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

    // MARK: Limits

    /// Files that include one another multiply, and so do names that stand for others and phrases
    /// inside phrases. What is counted is the same for every language, so that a page which can be
    /// drawn in one can be drawn in all.
    func mayGrow(by count: Int = 1, _ tell: (String) -> Void) -> Bool {
        guard !hasStopped else { return false }
        size += count
        guard size > Templating.mostPieces else { return true }
        tell(
            "this page grows too large: too many files include one another, or too many names "
                + "stand for other names"
        )
        halt()
        return false
    }

    func halt() {
        hasStopped = true
        contextIsLost = true
        isWhole = false
    }

    // MARK: Problems

    func problem(_ expression: Expression, _ message: String) {
        guard let source = library.source(of: expression) else { return }
        problems.add(source.problem(expression.offset, message))
    }

    /// At the tag, comment or element that the HTML is inside of.
    func problem(whereOpened context: HTMLContext, _ message: String) {
        guard let place = context.opened, let source = library.source(place.file) else { return }
        problems.add(source.problem(place.offset, message))
    }

    func problem(_ template: Template, _ offset: Int, _ message: String) {
        problems.add(template.source.problem(offset, message))
    }
}
