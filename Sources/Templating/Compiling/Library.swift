/// All the files, parsed, and the languages they are put into.
struct Library: Sendable {
    let templates: [String: Template]
    let languages: Languages
    /// By the number that expressions carry.
    private let sources: [Source]
    private var interfaces: [String: Interface]

    /// Everything a component can be given: arguments and slots it or its parts mention.
    struct Interface: Sendable {
        var arguments: Set<String> = []
        var slots: Set<String> = []
    }

    init(_ templates: [Template], languages: Languages) {
        self.templates = Dictionary(
            templates.map { ($0.source.path, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        self.languages = languages
        sources = templates.map(\.source)
        interfaces = [:]
        for template in templates where template.source.path.hasPrefix("components/") {
            interfaces[template.source.path] = interface(of: template)
        }
    }

    func source(of expression: Expression) -> Source? {
        source(expression.file)
    }

    func source(_ file: Int) -> Source? {
        sources.indices.contains(file) ? sources[file] : nil
    }

    func component(_ name: String) -> Template? {
        templates[Library.path(ofComponent: name)]
    }

    static func path(ofComponent name: String) -> String {
        "components/\(name).html"
    }

    func interface(ofComponent name: String) -> Interface {
        interfaces[Library.path(ofComponent: name)] ?? Interface()
    }

    private func interface(of component: Template) -> Interface {
        var interface = Interface()
        var seen: Set<String> = []
        var waiting = [component]
        while let template = waiting.popLast() {
            guard seen.insert(template.source.path).inserted else { continue }
            interface.arguments.formUnion(template.mentioned)
            interface.slots.formUnion(template.slots)
            template.walk { node in
                if case .include(let path) = node.kind, let part = templates[path] {
                    waiting.append(part)
                }
            }
        }
        return interface
    }
}
