/// What `kith` can be told to do. Each command is a file of its own in this folder.
enum Command {
    static func run(_ arguments: [String]) -> Int32 {
        do {
            let options = try Options(arguments)
            switch options.command {
            case "serve": try Serve(options).run()
            case "migrate": try Migrate(options).run()
            case "seed": try SeedDemonstration(options).run()
            case "verify": return try Verify(options).run()
            case "backup": return try Backup(options).run()
            case "restore": return try Restore(options).run()
            case "keys": try Keys(options).run()
            case "proof": try Proof(options).run()
            case "token": try TokenCommand(options).run()
            case "hat": try HatCommand(options).run()
            case "crypto-check": CryptoQuestions.answerAll()
            case "version": Output.line(Version.text)
            default: throw Unusable(usage)
            }
            return 0
        } catch {
            Output.problem("kith: \(error)")
            return error is Unusable ? 2 : 1
        }
    }

    static let usage = """
        usage: kith COMMAND [--data DIR] [--port N] [--demo] …
          serve         serve the community in DIR; --communities FOLDER all that are in FOLDER
          migrate       bring the store in DIR up to this version
          seed          make the demonstration community in an empty DIR
          verify        prove that the store in DIR is whole; --json for programs
          backup        write an encrypted copy of the store to --to PATH, also while it is served
          restore       make a store in an empty --to DIR, --from a backup or what was shipped
          keys create   make the master key of DIR; keys create backup, the key of its backups
          proof key     print the key that checkpoints are verified with
          proof export  a signed checkpoint of --log NAME, and proofs: --leaf N, --consistency A,B
          token create  make a token for programs: --for NAME --scope ledger|ledger.read
          token list    the tokens of --for NAME
          token stop ID end a token at once
          hat give      let --to NAME wear --hat admin, facilitator, giving-support, …
          crypto-check  answer questions about cryptography, a JSON line each
          version       tell which version this is
        """
}

/// The command cannot be carried out as it was given: one clear line.
struct Unusable: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
