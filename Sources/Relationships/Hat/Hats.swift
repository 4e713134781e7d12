import Basics
import Events
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

    /// Everyone who wears a hat, for telling them something.
    package static func wearers(
        of hat: Hat,
        in data: borrowing Snapshot
    ) throws -> [Person.ID] {
        try data.all(
            """
            SELECT person FROM relationships_hat
            WHERE hat = \(hat.rawValue) AND state = 'held'
            ORDER BY person
            """
        ) { row in try row[0] }
    }

    /// Asks for a hat. After a no it may be asked for again; what is worn or asked for already
    /// stays as it is.
    package static func request(
        _ hat: Hat,
        for person: Person.ID,
        in change: borrowing Change
    ) throws {
        guard try !of(person, in: change.snapshot).contains(hat),
            try !requested(by: person, in: change.snapshot).contains(hat)
        else { return }
        try change.run(
            """
            INSERT INTO relationships_hat (person, hat, state, requested_at)
            VALUES (\(person), \(hat.rawValue), 'requested', \(change.now))
            ON CONFLICT (person, hat) DO UPDATE
            SET state = 'requested', requested_at = excluded.requested_at, decided_at = NULL,
                decided_by = NULL, reason = NULL
            """
        )
        try record(.asked, about: person, by: person, in: change)
        try change.record(HatRequested(person: person, hat: hat))
    }

    /// Takes back what nobody has decided yet.
    package static func withdraw(
        _ hat: Hat,
        by person: SignedIn,
        in change: borrowing Change
    ) throws {
        guard try requested(by: person.id, in: change.snapshot).contains(hat) else {
            throw HatRefusal.alreadyDecided
        }
        try change.run(
            "DELETE FROM relationships_hat WHERE person = \(person.id) AND hat = \(hat.rawValue)"
        )
        try record(.cancelled, about: person.id, by: person.id, in: change)
    }

    /// Puts a hat on. Who may is for the caller's permit to say; the platform itself may when it
    /// makes a community, or when whoever runs it says so.
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
        try record(.allowed, about: person, by: decider, in: change)
        try change.record(HatDecided(person: person, hat: hat, isGiven: true, by: decider))
    }

    static func record(
        _ action: AuditAction,
        about person: Person.ID,
        by decider: Person.ID?,
        in change: borrowing Change
    ) throws {
        let reason: Reason = decider.map { $0 == person ? .own : .administers } ?? .platform
        try Audit.record(
            action,
            .hat,
            reference: person.rawValue,
            about: person,
            actor: decider,
            because: reason,
            in: change
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
