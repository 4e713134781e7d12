/// All the files, parsed, and the languages they are put into.
struct Library: Sendable {
    let templates: [String: Template]
    let languages: Languages
    /// By the number that expressions carry.
    private let sources: [Source]
    private var interfaces: [String: TakenNames.Taken]

    init(_ templates: [Template], languages: Languages) {
        self.templates = Dictionary(
            templates.map { ($0.source.path, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        self.languages = languages
        sources = templates.map(\.source)
        interfaces = [:]
        var names = TakenNames(self.templates)
        for path in self.templates.keys.sorted() where path.hasPrefix("components/") {
            interfaces[path] = names.taken(by: path)
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

    /// Everything a component can be given: arguments and slots that it or its parts mention.
    func interface(ofComponent name: String) -> TakenNames.Taken {
        interfaces[Library.path(ofComponent: name)] ?? TakenNames.Taken()
    }
}
