/// What one reading of all the files gave.
struct Edition: Sendable {
    let languages: [Language]
    /// By template, then in the order of the languages.
    let programs: [String: [Program]]
    let unfilled: [String]
    private let sources: [Source]

    init(
        _ files: [String: [UInt8]],
        _ languages: Languages,
        _ pages: [PageShape],
        _ site: Record
    ) throws {
        var problems = ProblemList()
        var templates: [Template] = []
        for (path, bytes) in files.sorted(by: { $0.key < $1.key }) {
            var parser = Parser(Source(path: path, bytes: bytes), file: templates.count)
            templates.append(parser.template())
            for problem in parser.problems { problems.add(problem) }
        }
        let library = Library(templates, languages: languages)
        var check = PhraseCheck(library)
        check.run()
        for problem in check.problems.problems { problems.add(problem) }

        let known = KnownContexts()
        var programs: [String: [Program]] = [:]
        for page in pages {
            if programs[page.template] != nil {
                problems.add(
                    Problem(
                        file: page.template,
                        line: 0,
                        column: 0,
                        message: "two pages fill this template"
                    )
                )
            }
            programs[page.template] = languages.all.map { language in
                let compiler = Compiler(library: library, language: language, known: known)
                let program = compiler.compile(page, site: site)
                for problem in compiler.problems.problems { problems.add(problem) }
                return program
            }
        }
        guard problems.problems.isEmpty else { throw TemplateProblems(problems.problems) }
        self.languages = languages.all
        sources = templates.map(\.source)
        self.programs = programs
        unfilled = templates.filter { $0.page != nil && programs[$0.source.path] == nil }
            .map(\.source.path)
    }

    /// What went wrong, with the place in the templates that it comes from.
    func fault(_ failure: Drawing.Failure, in program: Program, _ template: String) -> DrawingFault
    {
        guard let place = program.place(of: failure.operation),
            sources.indices.contains(place.file)
        else { return DrawingFault(template: template, message: failure.message) }
        let problem = sources[place.file].problem(
            place.offset,
            "“\(place.name)”: \(failure.message)"
        )
        return DrawingFault(template: template, message: problem.description)
    }
}
