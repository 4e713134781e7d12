/// One thing wrong with a template or a language, and where.
struct Problem: Hashable {
    let file: String
    let line: Int
    let column: Int
    let message: String

    /// Rather than with the phrases of a language.
    var isOfTemplate: Bool { file.hasSuffix(".html") || file.hasSuffix(".txt") }

    var description: String {
        line > 0 ? "\(file):\(line):\(column): \(message)" : "\(file): \(message)"
    }
}

/// Everything that is wrong, at once, so that nobody has to start ten times to mend ten things.
package struct TemplateProblems: Error, CustomStringConvertible {
    package let problems: [String]
    private let whereabouts: String

    init(_ problems: [Problem]) {
        let ofTemplates = problems.count(where: \.isOfTemplate)
        switch ofTemplates {
        case problems.count: whereabouts = "templates"
        case 0: whereabouts = "phrases"
        default: whereabouts = "templates and the phrases"
        }
        self.problems = problems.sorted {
            ($0.file, $0.line, $0.column, $0.message) < ($1.file, $1.line, $1.column, $1.message)
        }
        .map(\.description)
    }

    package var description: String {
        let count = problems.count == 1 ? "1 problem" : "\(problems.count) problems"
        return "\(count) in the \(whereabouts):\n" + problems.joined(separator: "\n")
    }
}

/// A page that could not be drawn, because of a value it was given. Nothing of it was written.
package struct DrawingFault: Error, CustomStringConvertible {
    package let template: String
    /// File, line and column of the template, and what to do.
    package let message: String

    package var description: String { "drawing \(template): \(message)" }
}

/// Gathers problems, each once, however many pages share the file they are in.
struct ProblemList {
    private(set) var problems: [Problem] = []
    private var seen: Set<Problem> = []

    mutating func add(_ problem: Problem) {
        if seen.insert(problem).inserted { problems.append(problem) }
    }
}
