import Basics
import Identity
import Store

/// `kith token`: tokens with which programs use the interface. One that is made is printed once.
struct TokenCommand {
    private let options: Options

    init(_ options: Options) {
        self.options = options
    }

    func run() throws {
        let question = Control.Question(
            command: "token",
            words: options.words,
            name: options["for"],
            scope: options["scope"]
        )
        let lines = try Control.ask(question, in: options.dataFolder) ?? answerAlone(question)
        for line in lines { Output.line(line) }
    }

    private func answerAlone(_ question: Control.Question) throws -> [String] {
        let (database, records) = try Opening.records(options)
        defer { database.close() }
        let desk = TokenDesk(
            database: database,
            records: records,
            tokens: Tokens(time: .system, random: .system)
        )
        return try desk.answer(question)
    }
}
