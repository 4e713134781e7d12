/// Checks that every file is used and everything that a component asks for is given: what nobody
/// uses is compiled by nobody, and a misspelt name would be taken for one that is not given.
struct UseCheck {
    private let library: Library
    private let pages: [PageShape]
    private let told: [Problem]
    private var reached: Set<String> = []
    /// Those that a page reaches which somebody fills.
    private var drawn: Set<String> = []
    private(set) var problems = ProblemList()

    /// Where something has been told already, that is the reason for what would be found here.
    init(_ library: Library, _ pages: [PageShape], told: [Problem]) {
        self.library = library
        self.pages = pages
        self.told = told
    }

    mutating func run() {
        checkPages()
        for template in templates where !reached.contains(template.source.path) {
            problem(
                template.source,
                0,
                "no page draws this file, so nothing in it is checked: use it or take it away"
            )
        }
        checkComponents()
    }

    private var templates: [Template] {
        library.templates.values.sorted { $0.file < $1.file }
    }

    private mutating func checkPages() {
        for page in pages { reach(page.template) }
        drawn = reached
        let filled = Dictionary(grouping: pages, by: \.template)
        for template in templates {
            guard let name = template.page else { continue }
            let path = template.source.path
            reach(path)
            guard let page = filled[path]?.first else {
                problem(template.source, 0, "there is no page “\(name)” to fill this")
                continue
            }
            if page.name != name {
                problem(
                    template.source,
                    0,
                    "the page that fills this is “\(page.name)”, not “\(name)”"
                )
            }
        }
    }

    /// This file and all that it draws on.
    private mutating func reach(_ path: String) {
        guard let template = library.templates[path], reached.insert(path).inserted else { return }
        var used = template.extends.map { [$0.path] } ?? []
        template.walk { node in
            switch node.kind {
            case .include(let path): used.append(path)
            case .component(let component):
                used.append(Library.path(ofComponent: component.name))
            default: break
            }
        }
        for path in used { reach(path) }
    }

    // MARK: Blocks and branches

    /// What no page comes to is drawn nowhere, so that nothing in it has been checked.
    mutating func checkReached(_ reached: Set<Compiler.Place>) {
        for template in templates where drawn.contains(template.source.path) {
            func isReached(_ offset: Int) -> Bool {
                reached.contains(Compiler.Place(file: template.file, offset: offset))
            }
            var unreached: [(offset: Int, message: String)] = []
            template.walk { node in
                switch node.kind {
                case .block(let name, _) where !isReached(node.offset):
                    unreached.append((node.offset, "the block “\(name)” is drawn nowhere"))
                case .condition(let branches, let otherwise):
                    let message = "no page comes to this branch: take it away"
                    for branch in branches
                    where !branch.body.isEmpty && !isReached(branch.condition.offset) {
                        unreached.append((branch.condition.offset, message))
                    }
                    if let first = otherwise.first, !isReached(node.offset) {
                        unreached.append((first.offset, message))
                    }
                default: break
                }
            }
            for (offset, message) in unreached { problem(template.source, offset, message) }
        }
    }

    // MARK: Components

    private struct Given {
        var names: Set<String> = []
        var slots: Set<String> = []
    }

    private mutating func checkComponents() {
        let given = given()
        for (name, given) in given.sorted(by: { $0.key < $1.key }) {
            let taken = library.interface(ofComponent: name)
            // A name that it does not take is told where it is given, and may be the one missed.
            if given.names.isSubset(of: taken.names.keys) {
                for (missing, place) in taken.names where !given.names.contains(missing) {
                    problem(place, "nothing that uses the component “\(name)” gives “\(missing)”")
                }
            }
            if given.slots.isSubset(of: taken.slots.keys) {
                for (missing, place) in taken.slots where !given.slots.contains(missing) {
                    let slot = missing.isEmpty ? "anything to hold" : "the slot “\(missing)”"
                    problem(place, "nothing that uses the component “\(name)” gives \(slot)")
                }
            }
        }
    }

    /// By component, what all its uses give together.
    private func given() -> [String: Given] {
        var given: [String: Given] = [:]
        for template in templates {
            template.walk { node in
                guard case .component(let component) = node.kind else { return }
                var here = given[component.name] ?? Given()
                here.names.formUnion(component.arguments.map(\.name))
                here.slots.formUnion(component.slots.map(\.name))
                if component.holds(template.source) { here.slots.insert("") }
                given[component.name] = here
            }
        }
        return given
    }

    private mutating func problem(_ place: Expression, _ message: String) {
        guard let source = library.source(of: place) else { return }
        problem(source, place.offset, message)
    }

    private mutating func problem(_ source: Source, _ offset: Int, _ message: String) {
        let problem = source.problem(offset, message)
        let isTold = (told + problems.problems).contains {
            ($0.file, $0.line, $0.column) == (problem.file, problem.line, problem.column)
        }
        if !isTold { problems.add(problem) }
    }
}
