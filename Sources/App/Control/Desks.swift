import Identity
import Store

/// Where commands are answered: by whoever serves the community, or by the command itself when
/// nobody does.
struct Desks: Sendable {
    let database: Database
    let records: Records
    let tokens: Tokens

    func answer(_ question: Control.Question) throws -> [String] {
        switch question.command {
        // It is, or it could not be asked.
        case "open": return []
        case "token":
            let desk = TokenDesk(database: database, records: records, tokens: tokens)
            return try desk.answer(question)
        case "hat": return try HatDesk(database: database, records: records).answer(question)
        case "dead-letter": return try DeadLetterDesk(database: database).answer(question)
        default: throw Unusable("\(question.command) is not known to this version")
        }
    }
}
