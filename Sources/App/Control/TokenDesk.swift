import Basics
import Identity
import Relationships
import Store

/// Makes, lists and stops tokens for whoever runs the platform, whether they asked from another
/// process or this one.
struct TokenDesk: Sendable {
    static let usage = """
        usage: kith token create --for NAME --scope ledger|ledger.read
               kith token list --for NAME
               kith token stop ID
        """

    let database: Database
    let records: Records
    let tokens: Tokens

    func answer(_ question: Control.Question) throws -> [String] {
        switch question.words.first {
        case "create": [try create(question)]
        case "list": try list(question)
        case "stop": [try stop(question)]
        default: throw Unusable(Self.usage)
        }
    }

    private func create(_ question: Control.Question) throws -> String {
        guard let scope = question.scope.flatMap({ TokenScope(rawValue: $0) }) else {
            let scopes = TokenScope.allCases.map(\.rawValue).joined(separator: " or ")
            throw Unusable("--scope must be \(scopes)")
        }
        return try database.write { change in
            let person = try person(question, in: change.snapshot)
            // Checked again each time the token is shown: it is worth no more than the hat.
            guard try Hats.of(person, in: change.snapshot).contains(.admin) else {
                throw Unusable("only someone who administers can have a token for the ledger")
            }
            return try tokens.make(for: person, scope: scope, in: change)
        }
    }

    private func list(_ question: Control.Question) throws -> [String] {
        try database.read { data in
            try tokens.all(of: try person(question, in: data), in: data).map { token in
                let state =
                    token.stoppedAt.map { "stopped \($0.timestamp)" }
                    ?? "good until \(token.endsAt.timestamp)"
                return "\(token.id)  \(token.scope.rawValue)  \(token.madeAt.timestamp)  \(state)"
            }
        }
    }

    private func stop(_ question: Control.Question) throws -> String {
        guard question.words.count == 2, let id = Token.ID(question.words[1]) else {
            throw Unusable(Self.usage)
        }
        do {
            try database.write { try tokens.stop(id, in: $0) }
        } catch TokenRefusal.unknownToken {
            throw Unusable("there is no token \(id)")
        }
        return "stopped \(id)"
    }

    private func person(
        _ question: Control.Question,
        in data: borrowing Snapshot
    ) throws -> Person.ID {
        guard let name = question.name else { throw Unusable(Self.usage) }
        guard let person = try records.find(named: name, in: data)
        else { throw Unusable("--for must be the sign-in name of someone here") }
        return person
    }
}
