package import Basics
import Events
package import Identity
package import Store

/// A hat that somebody asked for, and the answer (HAT-14).
/// ```
/// REQUESTED --given--> HELD
///      |    \--declined--> DECLINED --asked again--> REQUESTED
///      \--withdrawn--> nothing is left
/// ```
package struct HatRequest: Sendable {
    package enum State: String, Sendable {
        case requested
        case held
        case declined
    }

    package let person: Person.ID
    package let hat: Hat
    package let state: State
    package let requestedAt: Instant
    package let decidedAt: Instant?
    /// Why not, in the decider's words, locked with the asker's key.
    package let reason: Sealed?
}

package struct HatRequested: Event {
    package static let name = "relationships.hat-requested"
    package let person: Person.ID
    package let hat: Hat
}

package struct HatDecided: Event {
    package static let name = "relationships.hat-decided"
    package let person: Person.ID
    package let hat: Hat
    package let isGiven: Bool
    package let by: Person.ID?
}

package enum HatRefusal: Refusal, CaseIterable {
    case alreadyDecided
    case ownRequest

    package var kind: RefusalKind {
        switch self {
        case .alreadyDecided: .conflict
        case .ownRequest: .notAllowed
        }
    }

    package var phrase: Phrase {
        switch self {
        case .alreadyDecided: Phrase("hat.refusal.already-decided")
        case .ownRequest: Phrase("hat.refusal.own-request")
        }
    }
}

extension Hats {
    /// What a person wears, asked for, or was refused.
    package static func all(
        of person: Person.ID,
        in data: borrowing Snapshot
    ) throws -> [HatRequest] {
        try data.all(
            """
            SELECT person, hat, state, requested_at, decided_at, reason
            FROM relationships_hat
            WHERE person = \(person)
            ORDER BY hat
            """,
            request
        )
    }

    /// What waits for a decision, the oldest first.
    package static func waiting(
        for _: AdminHat,
        skipping count: Int,
        limit: Int,
        in data: borrowing Snapshot
    ) throws -> [HatRequest] {
        try data.all(
            """
            SELECT person, hat, state, requested_at, decided_at, reason
            FROM relationships_hat
            WHERE state = 'requested'
            ORDER BY requested_at, person, hat
            LIMIT \(limit) OFFSET \(count)
            """,
            request
        )
    }

    package static func countWaiting(in data: borrowing Snapshot) throws -> Int {
        try data.value("SELECT count(*) FROM relationships_hat WHERE state = 'requested'") ?? 0
    }

    /// Says yes or, with a reason, no. Nobody decides what they asked for themselves.
    package static func decide(
        _ hat: Hat,
        of person: Person.ID,
        give isGiven: Bool,
        because reason: Sealed?,
        by permit: AdminHat,
        in change: borrowing Change
    ) throws {
        guard person != permit.person.id else { throw HatRefusal.ownRequest }
        guard try requested(by: person, in: change.snapshot).contains(hat) else {
            throw HatRefusal.alreadyDecided
        }
        if isGiven {
            try give(hat, to: person, by: permit.person.id, in: change)
            return
        }
        try change.run(
            """
            UPDATE relationships_hat
            SET state = 'declined', decided_at = \(change.now),
                decided_by = \(permit.person.id), reason = \(reason)
            WHERE person = \(person) AND hat = \(hat.rawValue)
            """
        )
        try record(.declined, about: person, by: permit.person.id, in: change)
        try change.record(
            HatDecided(person: person, hat: hat, isGiven: false, by: permit.person.id)
        )
    }

    private static func request(_ row: borrowing Row) throws -> HatRequest {
        let hat: String = try row[1]
        let state: String = try row[2]
        guard let hat = Hat(rawValue: hat), let state = HatRequest.State(rawValue: state) else {
            throw UnknownCode(text: "\(hat) \(state)")
        }
        return HatRequest(
            person: try row[0],
            hat: hat,
            state: state,
            requestedAt: try row[3],
            decidedAt: try row[4],
            reason: try row[5]
        )
    }
}

extension SealPlace {
    /// One person may have been refused several hats, each for its own reason.
    package static func hatReason(_ hat: Hat, of person: Person.ID) -> SealPlace {
        SealPlace(
            table: "relationships_hat",
            column: "reason.\(hat.rawValue)",
            row: person.rawValue
        )
    }
}
