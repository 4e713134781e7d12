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
        var development: Development?
        var idleSeconds: Int64 = 600
        /// Beyond so many that are open, the longest unused is closed for the next.
        var mostOpen = Int.max
        var time = TimeSource.system
        var uptime = TimeSource.uptime
        /// An opening that takes longer is given up.
        var openingMilliseconds = 10_000
        var roomMilliseconds = 500
        var metrics = Metrics()
    }

    private struct Reading {
        var plan: ServingPlan
        var lobby: Lobby
        var number = 0
    }

    let time: TimeSource
    /// For how long ago somebody came, and when something is tried again.
    let uptime: TimeSource
    let idleSeconds: Int64
    let mostOpen: Int
    /// How many are open now, or being opened or closed.
    let opened = Atomic<Int>(0)
    /// How often any was opened.
    let openings = Atomic<Int>(0)
    private let given: Given
    private let mailbox: Mailbox?
    private let current: Mutex<Reading>

    /// Password hashes and the like of all communities, so that many cannot take all processors.
    private let slow: SlowWorkers
    /// Apart from that line, since whoever opens a first page should not wait for hashes. Each
    /// community stands in it once at most.
    private let openers: Openers
    /// For their own work: one at a time, so that many that are due leave room for those who wait.
    private let ownOpeners: Openers
    private let underWay = DispatchGroup()
    private let ending = Mutex(false)
    private let closer = Mutex<@Sendable () -> Bool>({ false })

    init(_ plan: ServingPlan, _ given: Given) {
        self.given = given
        time = given.time
        uptime = given.uptime
        roomWaits = RoomWaits(milliseconds: given.roomMilliseconds)
        openers = Openers(2, limitMilliseconds: given.openingMilliseconds)
        ownOpeners = Openers(1, limitMilliseconds: given.openingMilliseconds)
        idleSeconds = given.idleSeconds
        mostOpen = given.mostOpen
        mailbox = given.isDemonstration ? Mailbox() : nil
        slow = SlowWorkers(waiting: plan.limits.slowWaiting)
        current = Mutex(Reading(plan: plan, lobby: Lobby(plan, given.metrics)))
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
                lobby: Lobby(plan, given.metrics),
                number: $0.number + 1
            )
        }
        slow.allow(waiting: plan.limits.slowWaiting)
    }

    /// Once it is known at which port.
    func settle(at port: UInt16) {
        current.withLock { $0.plan = $0.plan.at(port: port) }
    }

    /// Tells, where many are served, how many are open.
    func count(_ all: @escaping @Sendable () -> (usable: Int, broken: Int)) {
        given.metrics.watch { [weak self] in
            guard let self else { return nil }
            let (usable, broken) = all()
            return Metrics.Communities(
                open: opened.load(ordering: .relaxed),
                usable: usable,
                broken: broken
            )
        }
    }

    /// A line of its own before the workers that all share.
    func slowLane() -> SlowLane { SlowLane(sharing: slow) }

    // MARK: - Room

    /// Who closes one that is not used, given once, before anyone comes.
    func closes(_ closer: @escaping @Sendable () -> Bool) {
        self.closer.withLock { $0 = closer }
    }

    private let roomWaits: RoomWaits

    /// Closes one that is not used for this one, and waits a moment for that: whoever was just
    /// served has left by then. Nil, and it is told, if none can be closed.
    func takeRoom(for door: Door) -> Place? {
        roomWaits.find(at: uptime) {
            while true {
                if let place = takePlace() { return place }
                guard makeRoom() else { return nil }
            }
        } tell: {
            log(of: door).problem(
                "there is no room to open this community now: \(mostOpen) are open, as many as may "
                    + "be (--most-open), and none of them can be closed"
            )
        }
    }

    /// Nil when as many are open as may be.
    private func takePlace() -> Place? {
        var count = opened.load(ordering: .relaxed)
        while count < mostOpen {
            let (isTaken, now) = opened.compareExchange(
                expected: count,
                desired: count + 1,
                ordering: .relaxed
            )
            if isTaken { return Place(of: self) }
            count = now
        }
        return nil
    }

    /// One more than there may be, if need be.
    func placeBeyond() -> Place {
        opened.add(1, ordering: .relaxed)
        return Place(of: self)
    }

    var hasRoomToSpare: Bool { opened.load(ordering: .relaxed) < max(1, mostOpen / 2) }

    /// Closes one that is not used; false if none can be closed now.
    private func makeRoom() -> Bool {
        closer.withLock { $0 }()
    }

    // MARK: - Opening

    func log(of door: Door) -> AccessLog { AccessLog(door.name) }

    func storePath(of door: Door) -> String { Opening.storePath(plan.data(of: door.name)) }

    /// Of each connection to a store, where many are open in one process.
    private static let cacheKilobytes = 1000

    func openCommunity(_ door: Door) throws -> OpenCommunity {
        let (plan, reading) = current.withLock { ($0.plan, $0.number) }
        let community = try plan.community(door.name)
        let log = log(of: door)
        let database = try Opening.database(
            community.options,
            time: time,
            shipping: community.shipping,
            migrations: plan.home.migrations,
            cacheKilobytes: plan.folder == nil ? nil : Self.cacheKilobytes,
            writeWaiting: plan.limits.writeWaiting,
            onSuspect: plan.folder == nil ? Opening.endOnSuspicion : log.problem,
            onTrouble: log.problem
        )
        do {
            let open = OpenCommunity(
                database: database,
                community: try wiring(of: door, community, plan, database),
                reading: reading
            )
            if plan.folder != nil {
                door.tell(missing: community.settings.missing(isOneOfMany: true))
            }
            return open
        } catch {
            database.close()
            throw error
        }
    }

    /// The same store with the settings of now.
    func wire(_ door: Door, over database: Database) throws -> OpenCommunity {
        let (plan, reading) = current.withLock { ($0.plan, $0.number) }
        return OpenCommunity(
            database: database,
            community: try wire(door, over: database, from: plan),
            reading: reading
        )
    }

    func wire(_ door: Door, over database: Database, from plan: ServingPlan) throws -> Community {
        try wiring(of: door, plan.community(door.name), plan, database)
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
                development: given.development,
                time: time,
                random: .system,
                master: community.master,
                sender: community.sender,
                slow: door.slow,
                report: log.fault,
                log: log.problem
            ),
            database: database
        )
    }

    /// Runs an opening off the loops; false when that cannot be. Calls `late` if it hangs from when
    /// it says that it has begun, and `refused` if too many do, or the end has come before it.
    func opens(
        forItself: Bool = false,
        _ work: @escaping @Sendable (_ begun: () -> Void) -> Void,
        late: @escaping @Sendable () -> Void,
        refused: @escaping @Sendable () -> Void
    ) -> Bool {
        guard begins() else { return false }
        (forItself ? ownOpeners : openers).begin(
            Openers.Attempt { begun in
                if self.isEnding { refused() } else { work(begun) }
            } late: {
                late()
            } refused: {
                refused()
            } over: {
                self.underWay.leave()
            }
        )
        return true
    }

    /// Goes on once a community's own work has ended, and holds nobody until then. At the end of
    /// the process everybody waits: false.
    func stops(_ open: OpenCommunity, then work: @escaping @Sendable () -> Void) -> Bool {
        guard begins() else { return false }
        open.community.runner.stop {
            self.close(in: self.underWay, work)
            self.underWay.leave()
        }
        return true
    }

    /// Whoever closes mostly waits, for a disk or a second place: so more at once than there are
    /// processors.
    private let closings = (0..<64).map { DispatchQueue(label: "closing \($0)") }
    private let closingsBegun = Atomic<Int>(0)

    func close(in group: DispatchGroup, _ work: @escaping @Sendable () -> Void) {
        let number = closingsBegun.add(1, ordering: .relaxed).newValue
        closings[number % closings.count].async(group: group, execute: work)
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
