import Basics
import Store
import Synchronization

/// Work inside the store: events for subscribers, and quick jobs.
///
/// Several pieces share one change, each in a savepoint of its own, so that a burst of events does
/// not cost a disk write each.
final class InsideWork: Sendable {
    private let desk: Desk
    private let subscribers: [Subscriber]
    private let jobs: JobQueue
    private let handlers: [String: JobHandler]
    private let mustBegin = Mutex(true)

    /// Pieces in one change. The writer's other customers wait for so long.
    private static let piecesAtOnce = 32

    init(_ desk: Desk, subscribers: [Subscriber], jobs: [JobHandler]) {
        self.desk = desk
        self.subscribers = subscribers
        self.jobs = JobQueue(excluding: jobs.filter(\.isOutside).map(\.name))
        let byName = Dictionary(uniqueKeysWithValues: subscribers.map { ($0.name, $0) })
        let redelivery = JobHandler(for: Redelivery.self, retries: .ofEvents) { job, change in
            guard let subscriber = byName[job.subscriber] else { throw Failure.Unknown.subscriber }
            try subscriber.deliver(job.payload, change)
        }
        handlers = Dictionary(
            uniqueKeysWithValues: (jobs.filter { !$0.isOutside } + [redelivery]).map {
                ($0.name, $0)
            }
        )
    }

    /// Everything that is due now, until nothing is or no more may be begun.
    func runDue(while mayGoOn: @escaping MayGoOn) throws -> Pass {
        try begin()
        var all = Pass()
        while true {
            var pass = Pass()
            for subscriber in subscribers {
                pass.expect(try runDue(subscriber, &pass, mayGoOn))
            }
            pass.expect(try runDueJobs(&pass, mayGoOn))
            all.worked = all.worked || pass.worked
            guard pass.worked else {
                all.nextDue = pass.nextDue
                return all
            }
        }
    }

    /// Whoever hears only of what happens from now on must be told when now was.
    private func begin() throws {
        guard mustBegin.withLock({ $0 }) else { return }
        try desk.database.write { change in
            for subscriber in subscribers where subscriber.start == .now {
                try Cursor.beginAtEnd(subscriber, in: change)
            }
        }
        mustBegin.withLock { $0 = false }
    }

    // MARK: - Events

    private func runDue(
        _ subscriber: Subscriber,
        _ pass: inout Pass,
        _ mayGoOn: @escaping MayGoOn
    ) throws -> Instant? {
        while mayGoOn() {
            let now = desk.time.now()
            let (waiting, due) = try desk.database.read { snapshot in
                let cursor = try Cursor.find(subscriber, in: snapshot)
                return (try cursor.isBehind(in: snapshot), cursor.dueAt)
            }
            guard waiting else { return nil }
            guard due <= now else { return due }
            try desk.database.write { change in
                try deliverSome(subscriber, mayGoOn, in: change)
            }
            pass.worked = true
        }
        return nil
    }

    private func deliverSome(
        _ subscriber: Subscriber,
        _ mayGoOn: MayGoOn,
        in change: borrowing Change
    ) throws {
        var cursor = try Cursor.find(subscriber, in: change.snapshot)
        for _ in 0..<Self.piecesAtOnce {
            guard mayGoOn(), let event = try cursor.next(in: change.snapshot) else { break }
            do {
                try change.part { try subscriber.deliver(event.payload, $0) }
                cursor = cursor.past(event)
            } catch let error as StoreUnavailable {
                throw error
            } catch {
                cursor = try failed(cursor, event, error, in: change)
                // What comes after must wait for it.
                if cursor.attempts > 0 { break }
            }
        }
        try cursor.keep(in: change)
    }

    private func failed(
        _ cursor: Cursor,
        _ event: Cursor.Entry,
        _ error: any Error,
        in change: borrowing Change
    ) throws -> Cursor {
        let attempts = cursor.attempts + 1
        desk.log(
            "event \(cursor.subscriber.event) for \(cursor.subscriber.name), "
                + "attempt \(attempts): \(Failure.words(error))"
        )
        let next = Retries.ofEvents.next(after: attempts, at: change.now, desk.random)
        if let next, !Failure.isForGood(error) {
            return cursor.retrying(at: next)
        }
        try DeadLetter.add(
            subscriber: cursor.subscriber.name,
            name: cursor.subscriber.event,
            payload: event.payload,
            attempts: attempts,
            error: error,
            in: change
        )
        return cursor.past(event)
    }

    // MARK: - Jobs

    private func runDueJobs(_ pass: inout Pass, _ mayGoOn: @escaping MayGoOn) throws -> Instant? {
        while mayGoOn() {
            let now = desk.time.now()
            let due = try desk.database.read { try jobs.nextDue(in: $0) }
            guard let due, due <= now else { return due }
            try desk.database.write { change in
                for job in try jobs.due(at: now, limit: Self.piecesAtOnce, in: change.snapshot) {
                    guard mayGoOn() else { break }
                    try run(job, in: change)
                }
            }
            pass.worked = true
        }
        return nil
    }

    private func run(_ job: PlannedJob, in change: borrowing Change) throws {
        do {
            try change.part { part in
                // Gone if an earlier one of this round cancelled it or took its place.
                guard try jobs.finish(job, in: part) else { return }
                guard case .inside(let body) = handlers[job.name]?.work else {
                    throw Failure.Unknown.job
                }
                try body(job.payload, part)
            }
        } catch let error as StoreUnavailable {
            throw error
        } catch {
            let retries = handlers[job.name]?.retries ?? .ofJobs
            try jobs.fail(job, error, retries, desk, in: change)
        }
    }
}
