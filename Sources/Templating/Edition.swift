import Dispatch
import Synchronization

/// What one reading of all the files gave.
struct Edition: Sendable {
    let languages: [Language]
    let pages: [String: CompiledPage]
    private let sources: [Source]

    init(
        _ files: [String: [UInt8]],
        _ languages: Languages,
        _ pages: [PageShape],
        _ site: Record
    ) throws {
        var problems = ProblemList()
        for problem in languages.problems { problems.add(problem) }
        var templates: [Template] = []
        for parsed in Self.parse(files) {
            templates.append(parsed.template)
            for problem in parsed.problems { problems.add(problem) }
        }
        let areRead = problems.problems.allSatisfy { !$0.isOfTemplate }
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
        let compiled = Self.compile(pages, site, library)
        for problem in compiled.flatMap(\.problems) { problems.add(problem) }
        // What could not be read may use anything.
        if areRead {
            var check = UseCheck(library, pages, told: problems.problems)
            check.run()
            if compiled.allSatisfy(\.isWhole) {
                check.checkReached(compiled.reduce(into: Set()) { $0.formUnion($1.reached) })
            }
            for problem in check.problems.problems { problems.add(problem) }
        }
        guard problems.problems.isEmpty else { throw TemplateProblems(problems.problems) }
        self.languages = languages.all
        sources = templates.map(\.source)
        self.pages = Dictionary(
            zip(pages, compiled).map { page, compiled in
                (page.template, CompiledPage(page, site, library, usual: compiled.program))
            },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// How many threads parse and compile. Each reads for itself what all pages share, so that with
    /// many of them most would do the same.
    private static let shares = 2

    /// The numbers below `count`, each given out once. Whoever is done takes the next, since one
    /// page may be ten times another.
    private final class Line: Sendable {
        private let taken = Atomic<Int>(0)
        private let count: Int

        init(_ count: Int) {
            self.count = count
        }

        func next() -> Int? {
            let place = taken.add(1, ordering: .relaxed).oldValue
            return place < count ? place : nil
        }
    }

    private static func parse(
        _ files: [String: [UInt8]]
    ) -> [(template: Template, problems: [Problem])] {
        let sources = files.sorted { $0.key < $1.key }
        let results = Mutex(
            [(template: Template, problems: [Problem])?](repeating: nil, count: sources.count)
        )
        let line = Line(sources.count)
        DispatchQueue.concurrentPerform(iterations: shares) { _ in
            while let place = line.next() {
                let (path, bytes) = sources[place]
                var parser = Parser(Source(path: path, bytes: bytes), file: place)
                let template = parser.template()
                results.withLock { $0[place] = (template, parser.problems) }
            }
        }
        return results.withLock { $0.compactMap { $0 } }
    }

    private struct Compiled {
        var program = Program()
        var problems: [Problem] = []
        var reached: Set<Compiler.Place> = []
        var isWhole = true
    }

    /// Every page for the usual language.
    private static func compile(
        _ pages: [PageShape],
        _ site: Record,
        _ library: Library
    ) -> [Compiled] {
        let results = Mutex([Compiled](repeating: Compiled(), count: pages.count))
        let line = Line(pages.count)
        DispatchQueue.concurrentPerform(iterations: shares) { _ in
            let known = KnownContexts()
            while let place = line.next() {
                let compiler = Compiler(
                    library: library,
                    language: library.languages.all[0],
                    known: known
                )
                let program = compiler.compile(pages[place], site: site)
                let compiled = Compiled(
                    program: program,
                    problems: compiler.problems.problems,
                    reached: compiler.reached,
                    isWhole: compiler.isWhole
                )
                results.withLock { $0[place] = compiled }
            }
        }
        return results.withLock { $0 }
    }

    /// Every page for every language now, for whoever wants to know that they can be drawn.
    func compileAll() throws {
        for page in pages.values {
            for place in languages.indices { _ = try page.program(place) }
        }
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
