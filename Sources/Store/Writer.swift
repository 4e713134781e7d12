import Basics
import CSQLite
import Dispatch
import Synchronization

/// A change waiting in line, and who waits for it.
struct Job: Sendable {
    enum Work: Sendable {
        case change(@Sendable (borrowing Change) throws -> Void)
        /// Runs outside any transaction, with the connection to itself.
        case alone(@Sendable (Connection) throws -> Void)
    }

    let work: Work
    /// Called once, when the batch is durable or has failed.
    let answer: @Sendable ((any Error)?) -> Void
}

/// The one writer: takes the changes that wait, runs them one after another, makes them durable
/// together, and only then answers. While the disk is busy with one batch the next one gathers,
/// so nobody ever waits for company.
final class Writer: Sendable {
    private struct Line {
        /// Empty whenever nobody has the turn.
        var jobs: [Job] = []
        /// Somebody has the turn. Whoever has it owns the connection.
        var isTaken = false
        var isClosed = false
        var suspicion: String?
        /// How long the log was at the last checkpoint.
        var checkpointed = 0
        var statistics = StoreStatistics()
        var trouble = DiskTrouble()
    }

    private enum Place {
        case queued
        case leading
    }

    private let line = Mutex(Line())
    private let closed = DispatchSemaphore(value: 0)
    private let queue = DispatchQueue(label: "store.writer")
    private let connection: Connection
    private let turn: Turn
    private let readers: Readers
    private let limits: WriterLimits
    /// How many changes may wait.
    private let longest: Atomic<Int>
    private let onSuspect: @Sendable (String) -> Void
    private let onTrouble: @Sendable (String) -> Void
    private let place: StorePlace
    private let lock: FileLock
    private let shipper: LogShipper?

    init(
        _ connection: Connection,
        _ turn: Turn,
        for readers: Readers,
        limits: WriterLimits,
        place: StorePlace,
        lock: FileLock,
        shipper: LogShipper?,
        onSuspect: @escaping @Sendable (String) -> Void,
        onTrouble: @escaping @Sendable (String) -> Void
    ) {
        self.connection = connection
        self.turn = turn
        self.readers = readers
        self.limits = limits
        longest = Atomic(limits.line)
        self.place = place
        self.lock = lock
        self.shipper = shipper
        self.onSuspect = onSuspect
        self.onTrouble = onTrouble
        connection.turn = turn
    }

    private var database: ObjectIdentifier { ObjectIdentifier(readers) }

    var suspicion: String? { line.withLock { $0.suspicion } }

    var isInTrouble: Bool { line.withLock { $0.trouble.isLasting } }

    var statistics: StoreStatistics {
        line.withLock { line in
            var statistics = line.statistics
            statistics.waiting = line.jobs.count
            return statistics
        }
    }

    /// From now on so many may wait; those that wait already stay.
    func allow(waiting: Int) {
        longest.store(waiting, ordering: .relaxed)
    }

    // MARK: - Joining the line

    /// Waits until the change is durable.
    func write<Value: Sendable>(
        _ body: @Sendable (borrowing Change) throws -> Value
    ) throws -> Value {
        try withoutActuallyEscaping(body) { body in
            let handed = Handed(body)
            let outcome = Outcome<Value>()
            try stand(
                Job(
                    work: .change { change in
                        guard let body = handed.take() else { return }
                        outcome.keep(try body(change))
                    },
                    answer: { error in
                        _ = handed.take()
                        outcome.answer(error)
                    }
                )
            )
            return try outcome.wait()
        }
    }

    /// Runs with the connection to itself, between two batches.
    func alone<Value: Sendable>(
        _ body: @escaping @Sendable (Connection) throws -> Value
    ) throws -> Value {
        let outcome = Outcome<Value>()
        try stand(
            Job(work: .alone { outcome.keep(try body($0)) }, answer: { outcome.answer($0) })
        )
        return try outcome.wait()
    }

    /// Never blocks. What cannot join the line is answered at once, on this thread.
    func submit(_ jobs: [Job]) {
        var refused: [(job: Job, error: any Error)] = []
        let isLeading = line.withLock { line in
            for job in jobs {
                do {
                    try append(job, to: &line)
                } catch {
                    refused.append((job, error))
                }
            }
            guard !line.isTaken, !line.jobs.isEmpty else { return false }
            line.isTaken = true
            return true
        }
        if isLeading { queue.async { self.work() } }
        for (job, error) in refused { job.answer(error) }
    }

    /// A caller who finds nobody at work takes the turn for one batch, which saves two changes of
    /// thread.
    private func stand(_ job: Job) throws {
        if Held.connection(of: database) === connection {
            // In an answer, between two batches: this thread has the turn already.
            return run([job])
        }
        guard try join(job) == .leading else { return }
        Held.hold(connection, for: database) { run(nextBatch()) }
        passOn()
    }

    private func join(_ job: Job) throws -> Place {
        try line.withLock { line in
            try append(job, to: &line)
            guard !line.isTaken else { return .queued }
            line.isTaken = true
            return .leading
        }
    }

    private func append(_ job: Job, to line: inout Line) throws {
        guard !line.isClosed else { throw StoreUnavailable.closed }
        guard line.suspicion == nil else { throw StoreUnavailable.suspect }
        guard line.jobs.count < longest.load(ordering: .relaxed) else {
            throw StoreUnavailable.overloaded
        }
        line.jobs.append(job)
    }

    // MARK: - Having the turn

    private func work() {
        // Let go of before the turn is, since the next to have it holds the same connection.
        repeat {
            Held.hold(connection, for: database) {
                run(nextBatch())
                checkpointIfDue()
            }
        } while !leave()
    }

    /// Gives the turn back, or to the queue if there is more to do.
    private func passOn() {
        let isDone = line.withLock { line in
            guard line.jobs.isEmpty, !isCheckpointDue(line), !line.isClosed else { return false }
            line.isTaken = false
            return true
        }
        if !isDone { queue.async { self.work() } }
    }

    /// Gives the turn back unless somebody waits. The last to leave a closed store closes it.
    private func leave() -> Bool {
        let (isDone, isClosed) = line.withLock { line in
            guard line.jobs.isEmpty else { return (false, false) }
            line.isTaken = line.isClosed
            return (true, line.isClosed)
        }
        if isDone, isClosed {
            closeFile()
            closed.signal()
        }
        return isDone
    }

    /// Everything that waits, up to the limit. What runs alone is a batch of its own.
    private func nextBatch() -> [Job] {
        line.withLock { line in
            let alone = line.jobs.firstIndex { if case .alone = $0.work { true } else { false } }
            let count = min(max(1, alone ?? line.jobs.count), limits.batch, line.jobs.count)
            let batch = Array(line.jobs.prefix(count))
            line.jobs.removeFirst(count)
            return batch
        }
    }

    private func run(_ batch: [Job]) {
        guard let first = batch.first else { return }
        if case .alone(let body) = first.work {
            let commits = connection.commits
            let failure = Result { try body(connection) }
            noteCommits(since: commits)
            noteSuspicion()
            return first.answer(failure.failure)
        }
        var failures: [(any Error)?] = []
        let commits = connection.commits
        do {
            failures = try make(batch)
        } catch {
            turn.abandon()
            noteSuspicion()
            let reason = error as? StoreUnavailable ?? .ioFailure
            noteFailure(reason)
            for job in batch { job.answer(reason) }
            return
        }
        line.withLock { line in
            line.statistics.batches += 1
            line.statistics.changes += failures.count { $0 == nil }
            line.statistics.pagesInLog = connection.pagesInLog
        }
        // With each of them undone, there was nothing left for the disk to refuse.
        if commits == connection.commits,
            let reason = failures.lazy.compactMap({ $0 as? StoreUnavailable }).first(
                where: \.isOfDisk
            )
        {
            noteFailure(reason)
        }
        for (job, failure) in zip(batch, failures) { job.answer(failure) }
    }

    /// Runs the changes and makes them durable. A change that throws is undone alone, and is
    /// answered only with the others, since what it saw may have been theirs.
    private func make(_ batch: [Job]) throws -> [(any Error)?] {
        let start = Monotonic.nanoseconds
        var failures: [(any Error)?] = []
        try turn.begin()
        for job in batch {
            guard case .change(let body) = job.work else { continue }
            do {
                try turn.change(body)
                failures.append(nil)
            } catch {
                guard turn.isWhole else { throw error }
                failures.append(error)
            }
            if Monotonic.nanoseconds - start > UInt64(limits.batchMilliseconds) * 1_000_000 {
                break
            }
        }
        let commits = connection.commits
        let heard = try turn.commit()
        guard place.isKept else {
            connection.distrust(place.suspicion)
            throw StoreUnavailable.suspect
        }
        noteCommits(since: commits)
        for body in heard { body() }
        let rest = batch.dropFirst(failures.count)
        if !rest.isEmpty { line.withLock { $0.jobs.insert(contentsOf: rest, at: 0) } }
        return failures
    }

    // MARK: - The disk

    private func noteCommits(since commits: Int) {
        guard connection.commits != commits else { return }
        if let line = line.withLock({ $0.trouble.ended() }) { onTrouble(line) }
        readers.noteCommit()
        shipper?.committed(frames: connection.pagesInLog, at: turn.time.now())
    }

    private func noteFailure(_ reason: StoreUnavailable) {
        let what = connection.takeTrouble() ?? reason.description
        let told = line.withLock { line in
            line.statistics.failedBatches += 1
            return reason.isOfDisk
                ? line.trouble.failed(what, at: Monotonic.nanoseconds) : nil
        }
        if let told { onTrouble(told) }
    }

    private func noteSuspicion() {
        if let suspicion = connection.suspicion { stop(suspicion) }
    }

    /// False, and nothing more is written, once other files are where the store was opened.
    var isInPlace: Bool {
        guard !place.isKept else { return true }
        stop(place.suspicion)
        return false
    }

    private func stop(_ suspicion: String) {
        let waiting: [Job]? = line.withLock { line in
            guard line.suspicion == nil else { return nil }
            line.suspicion = suspicion
            defer { line.jobs.removeAll() }
            return line.jobs
        }
        guard let waiting else { return }
        onSuspect("stopped, since \(suspicion)")
        for job in waiting { job.answer(StoreUnavailable.suspect) }
    }

    private func isCheckpointDue(_ line: borrowing Line) -> Bool {
        let pages = connection.pagesInLog
        // The log has begun anew since the last checkpoint.
        let fresh = pages >= line.checkpointed ? pages - line.checkpointed : pages
        let limit = line.jobs.isEmpty ? limits.idleCheckpointPages : limits.checkpointPages
        return fresh >= limit && line.suspicion == nil
    }

    private func checkpointIfDue() {
        guard line.withLock({ isCheckpointDue($0) }), shipper?.shipEverything() != false
        else { return }
        let isLong = connection.pagesInLog >= limits.longestLogPages
        let mode = isLong ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE
        // While somebody reads for long, as a base is made, it copies little or nothing; to try
        // again after each change would copy no more.
        let isMade = (try? connection.checkpoint(mode)) != nil
        noteSuspicion()
        line.withLock { line in
            line.checkpointed = isMade ? connection.pagesInLog : 0
            line.statistics.checkpoints += 1
        }
    }

    private func closeFile() {
        shipper?.close()
        // SQLite would copy the log into the file: not once what it holds is in doubt.
        let isSound = suspicion == nil && connection.suspicion == nil && place.isKept
        if !isSound { try? connection.keepLog() }
        connection.close()
        guard let shipper else { return lock.release() }
        if isSound { shipper.noteRest() }
        // Another who opened the store would ship beside what is still under way.
        lock.announceRelease()
        shipper.afterwards { [lock] in lock.release() }
    }

    /// Lets those who wait finish, then closes. On the writer's own thread it does not wait.
    func close() {
        let isFree = line.withLock { line in
            guard !line.isClosed else { return nil as Bool? }
            line.isClosed = true
            defer { line.isTaken = true }
            return !line.isTaken
        }
        guard let isFree else { return }
        if isFree {
            closeFile()
        } else if Held.connection(of: database) !== connection {
            closed.wait()
        }
    }
}

extension Result {
    fileprivate var failure: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}
