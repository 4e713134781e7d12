import Dispatch
import FoundationEssentials
import Store
import Synchronization

/// Callers that post one entry after another, each waiting for its own to be on disk. As in the
/// product they belong to two queues, one a loop, and are told by the writer when it is.
final class PostingRun: Sendable {
    private let seconds: Double
    private let callers: Int
    private let next = Atomic<Int>(0)
    private let done = Atomic<Int>(0)
    private let loops = [DispatchQueue(label: "loop 0"), DispatchQueue(label: "loop 1")]

    init(seconds: Double, callers: Int) {
        self.seconds = seconds
        self.callers = callers
    }

    /// Postings a second, in a new store in that folder. A batch of 1 is one commit a posting.
    func rate(folder: String, batch: Int) throws -> Double {
        var options = Database.Options()
        options.limits.batch = batch
        let database = try Database(file: folder + "/ledger.db", options: options)
        defer { database.close() }
        try Migrations.load(folder: "Migrations").apply(to: database)
        let clock = ContinuousClock()
        let start = clock.now
        let end = start + .seconds(seconds)
        let group = DispatchGroup()
        for caller in 0..<callers {
            group.enter()
            let loop = loops[caller % loops.count]
            loop.async { self.post(database, loop, until: end, group) }
        }
        group.wait()
        return Double(done.load(ordering: .relaxed)) / ((clock.now - start) / .seconds(1))
    }

    private func post(
        _ database: Database,
        _ loop: DispatchQueue,
        until end: ContinuousClock.Instant,
        _ group: DispatchGroup
    ) {
        guard ContinuousClock.now < end else { return group.leave() }
        let number = next.wrappingAdd(1, ordering: .relaxed).newValue
        database.submit(
            { try Postings.post(number, in: $0) },
            then: { result in
                if case .failure(let error) = result { preconditionFailure("\(error)") }
                self.done.add(1, ordering: .relaxed)
                loop.async { self.post(database, loop, until: end, group) }
            }
        )
    }
}
