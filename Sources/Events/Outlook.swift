package import Basics
package import Store

/// What a store has still to do, read without doing any of it: so that one that nobody uses may
/// be closed, and is opened again in time.
package struct Outlook: Sendable {
    private let subscribers: [Subscriber]

    package init(subscribers: [Subscriber]) {
        self.subscribers = subscribers
    }

    /// When there is something to do next: an event that a subscriber has not heard of, or a job.
    /// What was begun and has not ended is to be done at once. Nil when there is nothing; `left`
    /// is a job that does not count.
    package func next(
        leaving left: String = "",
        in snapshot: borrowing Snapshot
    ) throws -> Instant? {
        var next: Instant? = try snapshot.value(
            """
            SELECT min(CASE WHEN started_at IS NULL THEN due_at ELSE 0 END) FROM events_job
            WHERE name <> \(left)
            """
        )
        for subscriber in subscribers {
            let cursor = try Cursor.find(subscriber, in: snapshot)
            guard try cursor.isBehind(in: snapshot) else { continue }
            next = next.map { min($0, cursor.dueAt) } ?? cursor.dueAt
        }
        return next
    }
}
