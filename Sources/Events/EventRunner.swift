package import Basics
import Dispatch
package import Store

/// Delivers events to subscribers and does jobs when their time has come. One for each store: the
/// one that was started last.
package final class EventRunner: Sendable {
    private let inside: InsideWork
    private let outside: OutsideWork
    private let insideLane: Lane
    private let outsideLane: Lane
    private let database: Database

    /// `log` is told of failures, in lines without content.
    package init(
        database: Database,
        subscribers: [Subscriber],
        jobs: [JobHandler],
        time: TimeSource = .system,
        random: RandomSource = .system,
        log: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        precondition(Set(subscribers.map(\.name)).count == subscribers.count)
        precondition(Set(jobs.map(\.name)).count == jobs.count)
        let desk = Desk(database: database, time: time, random: random, log: log)
        let inside = InsideWork(desk, subscribers: subscribers, jobs: jobs)
        let outside = OutsideWork(desk, jobs: jobs)
        self.inside = inside
        self.outside = outside
        self.database = database
        insideLane = Lane("inside", time: time) { mayGoOn in
            desk.pass { try inside.runDue(while: mayGoOn) }
        }
        outsideLane = Lane("outside", time: time) { mayGoOn in
            desk.pass { try outside.runDue(while: mayGoOn) }
        }
    }

    package func start() {
        database.listen(Events.bell) { [weak self] in
            self?.insideLane.wake()
            self?.outsideLane.wake()
        }
        insideLane.start()
        outsideLane.start()
    }

    /// Waits for the piece that is under way; the rest stays for the next start.
    package func stop() {
        stopped.wait()
    }

    /// As `stop`, but holds nobody meanwhile: what goes on may wait for a server elsewhere.
    package func stop(then: @escaping @Sendable () -> Void) {
        stopped.notify(queue: DispatchQueue(label: "events.stopped"), execute: then)
    }

    /// Nothing more is begun from here on. Whoever has many to stop calls this for each first.
    package func beginStopping() {
        for lane in [insideLane, outsideLane] { lane.stop() }
    }

    /// Empty once what goes on has ended.
    private var stopped: DispatchGroup {
        beginStopping()
        let lanes = DispatchGroup()
        for lane in [insideLane, outsideLane] {
            lanes.enter()
            lane.whenStill { lanes.leave() }
        }
        return lanes
    }

    /// For tests: everything that is due, here and now, until nothing is.
    package func runDue() throws {
        var worked = true
        while worked {
            let inner = try inside.runDue { true }.worked
            let outer = try outside.runDue { true }.worked
            worked = inner || outer
        }
    }
}

/// What a pass over the work found.
struct Pass {
    var worked = false
    var nextDue: Instant?

    mutating func expect(_ due: Instant?) {
        guard let due else { return }
        nextDue = nextDue.map { min($0, due) } ?? due
    }
}

/// What both kinds of work need.
struct Desk: Sendable {
    let database: Database
    let time: TimeSource
    let random: RandomSource
    let log: @Sendable (String) -> Void

    /// When the store cannot take it, nothing is counted as an attempt: it waits for the store.
    private static let storePauseSeconds: Int64 = 2

    func pass(_ runDue: () throws -> Pass) -> Instant? {
        do {
            return try runDue().nextDue
        } catch StoreUnavailable.closed {
            return nil
        } catch {
            // Of its disk the store tells itself.
            if (error as? StoreUnavailable)?.isOfDisk != true {
                log("events: \(Failure.words(error))")
            }
            return time.now().adding(seconds: Self.storePauseSeconds)
        }
    }
}
