import Basics
package import Identity
package import Store

/// Asking for hats, giving them, and who wears which.
package enum Hats {
    package static func of(
        _ person: Person.ID,
        in data: borrowing Snapshot
    ) throws -> Set<Hat> {
        Set(try hats(of: person, in: "held", data))
    }

    /// What a person asked for and nobody has decided yet.
    package static func requested(
        by person: Person.ID,
        in data: borrowing Snapshot
    ) throws -> [Hat] {
        try hats(of: person, in: "requested", data)
    }

    package static func request(
        _ hat: Hat,
        for person: Person.ID,
        in change: borrowing Change
    ) throws {
        try change.run(
            """
            INSERT INTO relationships_hat (person, hat, state, requested_at)
            VALUES (\(person), \(hat.rawValue), 'requested', \(change.now))
            ON CONFLICT DO NOTHING
            """
        )
    }

    /// Puts a hat on. Who may is for the caller's permit to say; the platform itself may when it
    /// makes a community.
    package static func give(
        _ hat: Hat,
        to person: Person.ID,
        by decider: Person.ID?,
        in change: borrowing Change
    ) throws {
        try change.run(
            """
            INSERT INTO relationships_hat
                (person, hat, state, requested_at, decided_at, decided_by)
            VALUES (\(person), \(hat.rawValue), 'held', \(change.now), \(change.now), \(decider))
            ON CONFLICT (person, hat) DO UPDATE
            SET state = 'held', decided_at = excluded.decided_at, decided_by = excluded.decided_by
            """
        )
    }

    private static func hats(
        of person: Person.ID,
        in state: String,
        _ data: borrowing Snapshot
    ) throws -> [Hat] {
        try data.all(
            """
            SELECT hat FROM relationships_hat
            WHERE person = \(person) AND state = \(state)
            ORDER BY hat
            """
        ) { row in
            let code: String = try row[0]
            guard let hat = Hat(rawValue: code) else { throw UnknownCode(text: code) }
            return hat
        }
    }
}

/// The store holds a code that this version does not know.
struct UnknownCode: Error {
    let text: String
}
