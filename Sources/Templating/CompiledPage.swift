import Synchronization

/// One page, compiled for each language when it is first drawn in it. It is compiled for the
/// usual language at the start, which finds whatever is wrong with it: that no language lacks a
/// phrase or one of its gaps is checked for all of them, and words change nothing else.
final class CompiledPage: Sendable {
    private let page: PageShape
    private let site: Record
    private let library: Library
    private let programs: Mutex<[Program?]>

    /// `usual` has been compiled already.
    init(_ page: PageShape, _ site: Record, _ library: Library, usual: Program) {
        self.page = page
        self.site = site
        self.library = library
        var programs = [Program?](repeating: nil, count: library.languages.all.count)
        programs[0] = usual
        self.programs = Mutex(programs)
    }

    /// For the language at that place.
    func program(_ place: Int) throws(DrawingFault) -> Program {
        if let ready = programs.withLock({ $0[place] }) { return ready }
        let compiler = Compiler(
            library: library,
            language: library.languages.all[place],
            known: KnownContexts()
        )
        let program = compiler.compile(page, site: site)
        guard compiler.problems.problems.isEmpty else {
            let problems = TemplateProblems(compiler.problems.problems)
            throw DrawingFault(template: page.template, message: problems.description)
        }
        // Two may have compiled it at once, to the same.
        programs.withLock { $0[place] = program }
        return program
    }
}
