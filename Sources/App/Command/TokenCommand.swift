import Basics
import Identity
import Relationships
import Store
import Vault

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
        let settings = try CommunitySettings.load(
            home: options.homeFolder,
            data: options.dataFolder
        )
        let master = try Opening.master(options)
        let database = try Opening.database(options)
        defer { database.close() }
        let vault = try Vault.open(
            database: database,
            master: master,
            community: settings.name ?? "Kith"
        )
        let desk = TokenDesk(
            database: database,
            records: Records(vault: vault, standing: Graph.standing),
            tokens: Tokens(time: .system, random: .system)
        )
        return try desk.answer(question)
    }
}
