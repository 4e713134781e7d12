import Basics
import Identity
import Store

/// `kith token`, `kith hat` and `kith dead-letter`: asks whoever serves the community, or answers
/// itself when nobody does. A token that is made is printed once.
struct DeskCommand {
    private let options: Options

    init(_ options: Options) {
        self.options = options
    }

    func run() throws {
        let question = Control.Question(
            command: options.command,
            words: options.words,
            name: options["for"] ?? options["to"],
            scope: options["scope"],
            hat: options["hat"]
        )
        let lines = try Control.ask(question, in: options.dataFolder) ?? answerAlone(question)
        for line in lines { Output.line(line) }
    }

    private func answerAlone(_ question: Control.Question) throws -> [String] {
        let (database, records) = try Opening.records(options)
        defer { database.close() }
        let desks = Desks(
            database: database,
            records: records,
            tokens: Tokens(time: .system, random: .system)
        )
        return try desks.answer(question)
    }
}
