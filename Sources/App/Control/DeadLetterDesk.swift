import Basics
import Events
import Store

/// Lists work that was given up after many tries, has it tried again, or drops it, for whoever
/// runs the platform.
struct DeadLetterDesk: Sendable {
    static let usage = """
        usage: kith dead-letter list
               kith dead-letter retry ID
               kith dead-letter discard ID
        """

    let database: Database

    func answer(_ question: Control.Question) throws -> [String] {
        if question.words == ["list"] { return try list() }
        guard question.words.count == 2, let id = DeadLetter.ID(question.words[1]) else {
            throw Unusable(Self.usage)
        }
        do {
            switch question.words[0] {
            case "retry":
                try database.write { try DeadLetter.find(id, in: $0.snapshot).retry(in: $0) }
                return ["\(id) is tried again"]
            case "discard":
                try database.write { try DeadLetter.find(id, in: $0.snapshot).discard(in: $0) }
                return ["\(id) is dropped"]
            default: throw Unusable(Self.usage)
            }
        } catch is NotThere {
            throw Unusable("there is no dead letter \(id)")
        }
    }

    private func list() throws -> [String] {
        let letters = try database.read { try DeadLetter.all(in: $0) }
        guard !letters.isEmpty else { return ["no work was given up"] }
        return letters.map { letter in
            let who = letter.subscriber.map { " for \($0)" } ?? ""
            return "\(letter.id)  \(letter.failedAt.timestamp)  \(letter.name)\(who)  "
                + "\(letter.attempts) tries  \(letter.error)"
        }
    }
}
