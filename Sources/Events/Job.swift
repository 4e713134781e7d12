package import Basics
package import Store

/// Something to be done, now or at its time. Its name is part of the schema and never changes;
/// what it holds are ids, never anything personal.
package protocol Job: Codable, Sendable {
    static var name: String { get }
}

extension Change {
    /// Plans the job in this change. One with a key takes the place of the earlier one with that
    /// key, if it has not been done yet.
    package func schedule<Task: Job>(_ job: Task, at time: Instant, key: String? = nil) throws {
        if let key { try cancelJob(key: key) }
        try run(
            """
            INSERT INTO events_job (id, name, payload, key, due_at, attempts)
            VALUES (
                \(newID(PlannedJob.self)), \(Task.name), \(try Payload.text(of: job)), \(key),
                \(time), 0
            )
            """
        )
        notify(Events.bell)
    }

    package func cancelJob(key: String) throws {
        try run("DELETE FROM events_job WHERE key = \(key)")
    }
}

/// A job as its row has it.
struct PlannedJob: Sendable {
    let id: Identifier<PlannedJob>
    let name: String
    let payload: String
    let attempts: Int
}
