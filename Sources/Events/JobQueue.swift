import Basics
import Store

/// The jobs of one lane, as the table has them.
struct JobQueue: Sendable {
    /// Either only these names, or all but these.
    private let names: [String]
    private let isExcluding: Bool

    init(only names: [String]) {
        self.names = names
        isExcluding = false
    }

    /// Also takes jobs nobody knows, so that they end where people can see them.
    init(excluding names: [String]) {
        self.names = names
        isExcluding = true
    }

    private var mine: SQL {
        isExcluding ? "name NOT IN (\(list: names))" : "name IN (\(list: names))"
    }

    func nextDue(in snapshot: borrowing Snapshot) throws -> Instant? {
        try snapshot.value(
            """
            SELECT due_at FROM events_job WHERE started_at IS NULL AND \(mine)
            ORDER BY due_at LIMIT 1
            """
        )
    }

    func due(
        at now: Instant,
        limit: Int,
        in snapshot: borrowing Snapshot
    ) throws -> [PlannedJob] {
        try snapshot.all(
            """
            SELECT id, name, payload, attempts FROM events_job
            WHERE started_at IS NULL AND due_at <= \(now) AND \(mine)
            ORDER BY due_at, id LIMIT \(limit)
            """
        ) { row in
            PlannedJob(
                id: try row[0],
                name: try row[1],
                payload: try row[2],
                attempts: try row[3]
            )
        }
    }

    /// False if it is not there any more.
    func finish(_ job: PlannedJob, in change: borrowing Change) throws -> Bool {
        try change.run("DELETE FROM events_job WHERE id = \(job.id)") == 1
    }

    /// Writes down, before work outside begins, that it did. False if it is not there any more.
    func start(_ job: PlannedJob, in change: borrowing Change) throws -> Bool {
        try change.run(
            "UPDATE events_job SET started_at = \(change.now) WHERE id = \(job.id)"
        ) == 1
    }

    /// Cut off by a stop, which is no fault of its own: no attempt is counted.
    func layDown(_ job: PlannedJob, in change: borrowing Change) throws {
        try change.run("UPDATE events_job SET started_at = NULL WHERE id = \(job.id)")
    }

    /// What was under way when a process ended is to be done again. Only one process serves a
    /// store, so whoever starts knows that nobody is at it.
    func recover(in change: borrowing Change) throws {
        try change.run(
            """
            UPDATE events_job SET started_at = NULL, attempts = attempts + 1
            WHERE started_at IS NOT NULL AND \(mine)
            """
        )
    }

    func fail(
        _ job: PlannedJob,
        _ error: any Error,
        _ retries: Retries,
        _ desk: Desk,
        in change: borrowing Change
    ) throws {
        let attempts = job.attempts + 1
        desk.log("job \(job.name), attempt \(attempts): \(Failure.words(error))")
        let next = retries.next(after: attempts, at: change.now, desk.random)
        if let next, !Failure.isForGood(error) {
            try change.run(
                """
                UPDATE events_job
                SET attempts = \(attempts), due_at = \(next), started_at = NULL
                WHERE id = \(job.id)
                """
            )
        } else if try finish(job, in: change) {
            try DeadLetter.add(
                subscriber: nil,
                name: job.name,
                payload: job.payload,
                attempts: attempts,
                error: error,
                in: change
            )
        }
    }
}
