import Basics
import Channels
import Dispatch
import Events
import HTTPServer
import Store
import Synchronization

/// What the communities of a process share, and how each is wired from it.
final class Household: Sendable {
    struct Given: Sendable {
        var isDemonstration = false
        var development: (@Sendable (Home) -> Development)?
        var idleSeconds: Int64 = 600
        var time = TimeSource.system
        var metrics = Metrics()
    }

    private struct Reading {
        var plan: ServingPlan
        var lobby: Lobby
        var number = 0
    }

    let time: TimeSource
    let idleSeconds: Int64
    /// How many are open now.
    let opened = Atomic<Int>(0)
    /// How often any was opened.
    let openings = Atomic<Int>(0)
    private let given: Given
    private let mailbox: Mailbox?
    private let current: Mutex<Reading>

    /// Password hashes and the like of all communities, so that many cannot take all processors.
    private let slow = SlowLane()
    /// Apart from that line, since whoever opens a first page should not wait for hashes. Each
    /// community stands in it once at most.
    private let openers = SlowLane(workers: 2, waiting: 100_000)
    /// For their own work: one at a time, so that many that are due leave room for those who wait.
    private let ownOpeners = SlowLane(workers: 1, waiting: 100_000)
    private let closings = DispatchQueue(label: "closings")
    private let underWay = DispatchGroup()
    private let ending = Mutex(false)

    init(_ plan: ServingPlan, _ given: Given) {
        self.given = given
        time = given.time
        idleSeconds = given.idleSeconds
        mailbox = given.isDemonstration ? Mailbox() : nil
        current = Mutex(Reading(plan: plan, lobby: Lobby(plan.home, given.metrics)))
    }

    var plan: ServingPlan { current.withLock { $0.plan } }
    var lobby: Lobby { current.withLock { $0.lobby } }
    /// How often settings were read anew.
    var reading: Int { current.withLock { $0.number } }

    /// From now on everything is opened and wired from this.
    func change(to plan: ServingPlan) {
        current.withLock {
            $0 = Reading(
                plan: plan,
                lobby: Lobby(plan.home, given.metrics),
                number: $0.number + 1
            )
        }
    }

    /// Tells, where many are served, how many are open.
    func count(all: @escaping @Sendable () -> Int) {
        given.metrics.watch { [weak self] in
            self.map { ($0.opened.load(ordering: .relaxed), all()) }
        }
    }

    // MARK: - Opening

    func log(of door: Door) -> AccessLog { AccessLog(door.name) }

    func storePath(of door: Door) -> String { Opening.storePath(plan.data(of: door.name)) }

    func openCommunity(_ door: Door) throws -> OpenCommunity {
        let (plan, reading) = current.withLock { ($0.plan, $0.number) }
        let community = try plan.community(door.name)
        let log = log(of: door)
        let database = try Opening.database(
            community.options,
            time: time,
            shipping: community.shipping,
            migrations: plan.home.migrations,
            onSuspect: plan.folder == nil ? Opening.endOnSuspicion : log.problem
        )
        do {
            return OpenCommunity(
                database: database,
                community: try wiring(of: door, community, plan, database),
                reading: reading
            )
        } catch {
            database.close()
            throw error
        }
    }

    /// The same store with the settings of now.
    func wire(_ door: Door, over database: Database) throws -> OpenCommunity {
        let (plan, reading) = current.withLock { ($0.plan, $0.number) }
        let community = try plan.community(door.name)
        return OpenCommunity(
            database: database,
            community: try wiring(of: door, community, plan, database),
            reading: reading
        )
    }

    private func wiring(
        of door: Door,
        _ community: CommunityPlan,
        _ plan: ServingPlan,
        _ database: Database
    ) throws -> Community {
        let log = log(of: door)
        return try Community(
            Community.Given(
                settings: community.settings,
                home: plan.home,
                address: community.address,
                mailbox: mailbox,
                metrics: given.metrics,
                development: given.development?(plan.home),
                time: time,
                random: .system,
                master: community.master,
                sender: try Opening.sender(
                    community.settings,
                    data: community.options.dataFolder
                ),
                slow: slow,
                report: log.fault,
                log: log.problem
            ),
            database: database
        )
    }

    /// Runs an opening off the loops; false when that cannot be.
    func opens(forItself: Bool = false, _ work: @escaping @Sendable () -> Void) -> Bool {
        guard begins() else { return false }
        let begun = (forItself ? ownOpeners : openers).run {
            work()
            self.underWay.leave()
        }
        if !begun { underWay.leave() }
        return begun
    }

    /// Goes on once a community's own work has ended, and holds nobody until then. At the end of
    /// the process everybody waits: false.
    func stops(_ open: OpenCommunity, then work: @escaping @Sendable () -> Void) -> Bool {
        guard begins() else { return false }
        open.community.runner.stop {
            self.closings.async {
                work()
                self.underWay.leave()
            }
        }
        return true
    }

    /// Waits for what is under way, for tests.
    func settle() { underWay.wait() }

    private func begins() -> Bool {
        ending.withLock { isEnding in
            guard !isEnding else { return false }
            underWay.enter()
            return true
        }
    }

    var isEnding: Bool { ending.withLock { $0 } }

    /// Nothing is opened any more once this returns.
    func end() {
        ending.withLock { $0 = true }
        underWay.wait()
    }
}
