import Basics
import Store

/// How far a subscriber has come, and how it stands with the event after that.
struct Cursor: Sendable {
    struct Entry: Sendable {
        let number: Int64
        let payload: String
    }

    let subscriber: Subscriber
    private let number: Int64
    let attempts: Int
    let dueAt: Instant

    static func find(_ subscriber: Subscriber, in snapshot: borrowing Snapshot) throws -> Cursor {
        let kept = try snapshot.first(
            """
            SELECT number, attempts, due_at FROM events_cursor
            WHERE subscriber = \(subscriber.name)
            """
        ) { row in
            Cursor(
                subscriber: subscriber,
                number: try row[0],
                attempts: try row[1],
                dueAt: try row[2]
            )
        }
        if let kept { return kept }
        return Cursor(
            subscriber: subscriber,
            number: 0,
            attempts: 0,
            dueAt: Instant(milliseconds: 0)
        )
    }

    static func beginAtEnd(_ subscriber: Subscriber, in change: borrowing Change) throws {
        try change.run(
            """
            INSERT INTO events_cursor (subscriber, number, attempts, due_at)
            SELECT \(subscriber.name), coalesce(max(number), 0), 0, 0 FROM events_event WHERE true
            ON CONFLICT (subscriber) DO NOTHING
            """
        )
    }

    func isBehind(in snapshot: borrowing Snapshot) throws -> Bool {
        try next(in: snapshot) != nil
    }

    func next(in snapshot: borrowing Snapshot) throws -> Entry? {
        try snapshot.first(
            """
            SELECT number, payload FROM events_event
            WHERE name = \(subscriber.event) AND number > \(number)
            ORDER BY number LIMIT 1
            """
        ) { row in
            Entry(number: try row[0], payload: try row[1])
        }
    }

    func past(_ event: Entry) -> Cursor {
        Cursor(
            subscriber: subscriber,
            number: event.number,
            attempts: 0,
            dueAt: Instant(milliseconds: 0)
        )
    }

    func retrying(at due: Instant) -> Cursor {
        Cursor(subscriber: subscriber, number: number, attempts: attempts + 1, dueAt: due)
    }

    func keep(in change: borrowing Change) throws {
        try change.run(
            """
            INSERT INTO events_cursor (subscriber, number, attempts, due_at)
            VALUES (\(subscriber.name), \(number), \(attempts), \(dueAt))
            ON CONFLICT (subscriber) DO UPDATE SET
                number = excluded.number,
                attempts = excluded.attempts,
                due_at = excluded.due_at
            """
        )
    }
}
