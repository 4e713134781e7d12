import Basics
import Store

/// What `kith` can be told to do. Each command is a file of its own in this folder.
enum Command {
    static func run(_ arguments: [String]) -> Int32 {
        do {
            if let help = try Help.asked(by: arguments) {
                Output.line(help)
                return 0
            }
            let options = try Options(arguments)
            // Whoever serves listens to signals, and has an end of its own.
            if options.command != "serve" { Leftovers.goWhenEnded() }
            switch options.command {
            case "serve": try Serve(options).run()
            case "migrate": try Migrate(options).run()
            case "seed": try SeedDemonstration(options).run()
            case "verify": return try Verify(options).run()
            case "backup": return try Backup(options).run()
            case "restore": return try Restore(options).run()
            case "keys": try Keys(options).run()
            case "proof": try Proof(options).run()
            case "token", "hat", "dead-letter": try DeskCommand(options).run()
            case "crypto-check": CryptoQuestions.answerAll()
            case "version": Output.line(Version.text)
            case "":
                Output.problem(Help.all)
                return 2
            default: throw Help.unknown(options.command)
            }
            return 0
        } catch {
            Output.problem("kith: \(Plainly.words(error))")
            return error is Unusable ? 2 : 1
        }
    }
}

/// The command cannot be carried out as it was given: one clear line.
struct Unusable: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
