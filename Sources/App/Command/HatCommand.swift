import Basics
import Identity
import Relationships
import Store
import Vault

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
        let records = Records(vault: vault, standing: Graph.standing)
        return try HatDesk(database: database, records: records).answer(question)
    }
}
