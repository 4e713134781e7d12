package import Basics
package import Store

/// An event or a job that was tried often enough in vain, for people to look at.
package struct DeadLetter: Sendable {
    package typealias ID = Identifier<DeadLetter>

    package let id: ID
    /// Who did not take the event; nil for a job.
    package let subscriber: String?
    /// The event's name or the job's.
    package let name: String
    package let payload: String
    package let attempts: Int
    /// What went wrong, without content.
    package let error: String
    package let failedAt: Instant

    package static func all(in snapshot: borrowing Snapshot) throws -> [DeadLetter] {
        try snapshot.all(
            """
            SELECT id, subscriber, name, payload, attempts, error, failed_at
            FROM events_dead_letter ORDER BY failed_at, id
            """,
            decode
        )
    }

    package static func count(in snapshot: borrowing Snapshot) throws -> Int {
        try snapshot.value("SELECT count(*) FROM events_dead_letter") ?? 0
    }

    package static func find(_ id: ID, in snapshot: borrowing Snapshot) throws -> DeadLetter {
        let found = try snapshot.first(
            """
            SELECT id, subscriber, name, payload, attempts, error, failed_at
            FROM events_dead_letter WHERE id = \(id)
            """,
            decode
        )
        guard let found else { throw NotThere() }
        return found
    }

    /// Tries it again from the start. An event is then heard out of its order.
    package func retry(in change: borrowing Change) throws {
        try discard(in: change)
        if let subscriber {
            let again = Redelivery(subscriber: subscriber, event: name, payload: payload)
            try change.schedule(again, at: change.now)
        } else {
            try change.run(
                """
                INSERT INTO events_job (id, name, payload, due_at, attempts)
                VALUES (\(change.newID(PlannedJob.self)), \(name), \(payload), \(change.now), 0)
                """
            )
            change.notify(Events.bell)
        }
    }

    package func discard(in change: borrowing Change) throws {
        guard try change.run("DELETE FROM events_dead_letter WHERE id = \(id)") == 1 else {
            throw NotThere()
        }
    }

    static func add(
        subscriber: String?,
        name: String,
        payload: String,
        attempts: Int,
        error: any Error,
        in change: borrowing Change
    ) throws {
        try change.run(
            """
            INSERT INTO events_dead_letter
                (id, subscriber, name, payload, attempts, error, failed_at)
            VALUES (
                \(change.newID(DeadLetter.self)), \(subscriber), \(name), \(payload),
                \(attempts), \(Failure.words(error)), \(change.now)
            )
            """
        )
    }

    private static func decode(_ row: borrowing Row) throws -> DeadLetter {
        DeadLetter(
            id: try row[0],
            subscriber: try row[1],
            name: try row[2],
            payload: try row[3],
            attempts: try row[4],
            error: try row[5],
            failedAt: try row[6]
        )
    }
}

/// A dead letter's second chance.
struct Redelivery: Job {
    static let name = "events.redelivery"

    let subscriber: String
    let event: String
    let payload: String
}
