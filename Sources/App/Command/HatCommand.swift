import Basics
import Identity
import Store

/// `kith hat give`: asks whoever serves the community, or does it itself when nobody does.
struct HatCommand {
    private let options: Options

    init(_ options: Options) {
        self.options = options
    }

    func run() throws {
        let question = Control.Question(
            command: "hat",
            words: options.words,
            name: options["to"],
            hat: options["hat"]
        )
        let lines = try Control.ask(question, in: options.dataFolder) ?? answerAlone(question)
        for line in lines { Output.line(line) }
    }

    private func answerAlone(_ question: Control.Question) throws -> [String] {
        let (database, records) = try Opening.records(options)
        defer { database.close() }
        return try HatDesk(database: database, records: records).answer(question)
    }
}
