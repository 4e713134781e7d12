import Basics
import Store
import Synchronization

/// Slow work and work outside the store, one job after another. That it began is written down
/// first, so that one interrupted by a crash is done again.
final class OutsideWork: Sendable {
    private let desk: Desk
    private let jobs: JobQueue
    private let handlers: [String: JobHandler]
    /// Set until what an earlier process left under way has been taken up.
    private let mustRecover = Mutex(true)

    init(_ desk: Desk, jobs: [JobHandler]) {
        self.desk = desk
        let mine = jobs.filter(\.isOutside)
        self.jobs = JobQueue(only: mine.map(\.name))
        handlers = Dictionary(uniqueKeysWithValues: mine.map { ($0.name, $0) })
    }

    /// Everything that is due now, until nothing is or no more may be begun.
    func runDue(while mayGoOn: @escaping MayGoOn) throws -> Pass {
        guard !handlers.isEmpty else { return Pass() }
        if mustRecover.withLock({ $0 }) {
            try desk.database.write { try jobs.recover(in: $0) }
            mustRecover.withLock { $0 = false }
        }
        var pass = Pass()
        while mayGoOn(), let job = try next(&pass) {
            pass.worked = true
            do {
                try run(job, mayGoOn)
            } catch {
                // How it ended could not be written down; so it has not ended.
                mustRecover.withLock { $0 = true }
                throw error
            }
        }
        return pass
    }

    private func next(_ pass: inout Pass) throws -> PlannedJob? {
        let now = desk.time.now()
        let (job, due) = try desk.database.read { snapshot in
            (
                try jobs.due(at: now, limit: 1, in: snapshot).first,
                try jobs.nextDue(in: snapshot)
            )
        }
        pass.nextDue = due
        return job
    }

    private func run(_ job: PlannedJob, _ mayGoOn: @escaping MayGoOn) throws {
        guard let handler = handlers[job.name], case .outside(let body) = handler.work
        else { return }
        guard job.attempts < handler.retries.attempts else {
            // It may be what brings the process down.
            return try desk.database.write { change in
                try jobs.fail(job, Failure.Interrupted(), handler.retries, desk, in: change)
            }
        }
        guard try desk.database.write({ try jobs.start(job, in: $0) }) else { return }
        do {
            try body(job.payload, Errand(database: desk.database, mayGoOn: mayGoOn))
        } catch is CutOff {
            return try desk.database.write { try jobs.layDown(job, in: $0) }
        } catch {
            return try desk.database.write { change in
                try jobs.fail(job, error, handler.retries, desk, in: change)
            }
        }
        try desk.database.write { _ = try jobs.finish(job, in: $0) }
    }
}

extension JobHandler {
    var isOutside: Bool {
        if case .outside = work { true } else { false }
    }
}
