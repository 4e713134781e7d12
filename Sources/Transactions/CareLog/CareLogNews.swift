package import Basics
package import Identity
package import Relationships
package import Store

/// What one of the two may be told of a log in a line: when the visit was, what it costs, and
/// whether it still waits for them. Nothing of what was written.
package struct CareLogNews: Sendable {
    package let time: BookedTime
    package let amount: Money
    package let waits: Bool
}

extension CareLogs {
    /// Nil for anyone who did not take part.
    package static func news(
        of id: CareLog.ID,
        for person: Person.ID,
        in data: borrowing Snapshot
    ) throws -> CareLogNews? {
        guard let log = try CareLogStore.find(id, in: data),
            [log.giver, log.receiver].contains(person)
        else { return nil }
        return CareLogNews(
            time: BookedTime(startsAt: log.version.startedAt, endsAt: log.version.endedAt),
            amount: try log.amount(),
            waits: log.waitsFor.contains { log.person($0) == person }
        )
    }
}
