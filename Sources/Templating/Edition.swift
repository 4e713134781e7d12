import Dispatch
import Synchronization

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

        for (template, pages) in Dictionary(grouping: pages, by: \.template) where pages.count > 1 {
            problems.add(
                Problem(
                    file: template,
                    line: 0,
                    column: 0,
                    message: "two pages fill this template"
                )
            )
        }
        let compiled = Self.compile(pages, site, library, languages.all)
        for problem in compiled.flatMap(\.problems) { problems.add(problem) }
        var programs: [String: [Program]] = [:]
        for (number, page) in pages.enumerated() {
            programs[page.template] = compiled.map { $0.programs[number] }
        }
        guard problems.problems.isEmpty else { throw TemplateProblems(problems.problems) }
        self.languages = languages.all
        sources = templates.map(\.source)
        self.programs = programs
        unfilled = templates.filter { $0.page != nil && programs[$0.source.path] == nil }
            .map(\.source.path)
    }

    private struct Compiled {
        var programs: [Program] = []
        var problems: [Problem] = []
    }

    /// Every page for every language, the languages side by side: half of a start is this.
    private static func compile(
        _ pages: [PageShape],
        _ site: Record,
        _ library: Library,
        _ languages: [Language]
    ) -> [Compiled] {
        let results = Mutex([Compiled](repeating: Compiled(), count: languages.count))
        DispatchQueue.concurrentPerform(iterations: languages.count) { place in
            let known = KnownContexts()
            var compiled = Compiled()
            for page in pages {
                let compiler = Compiler(
                    library: library,
                    language: languages[place],
                    known: known
                )
                compiled.programs.append(compiler.compile(page, site: site))
                compiled.problems += compiler.problems.problems
            }
            results.withLock { $0[place] = compiled }
        }
        return results.withLock { $0 }
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
