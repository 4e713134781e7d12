import Basics
import Channels
import Dispatch
import FoundationEssentials
import HTTPServer
import Store
import Synchronization
import Web

/// Every community of the process, by the host it is reached at. One alone is reached at any host,
/// and its door stays open.
final class Doors: Sendable {
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
    private let only = Mutex<Door?>(nil)
    private let table = Mutex<[String: Door]>([:])
    private let surveyed = Mutex<Instant?>(nil)

    /// Password hashes and the like of all communities, so that many cannot take all processors.
    private let slow = SlowLane()
    /// Apart from that line, since whoever opens a first page should not wait for hashes. Each
    /// community stands in it once at most.
    private let openers = SlowLane(workers: 2, waiting: 100_000)
    private let underWay = DispatchGroup()
    private let isEnding = Mutex(false)
    private let queue = DispatchQueue(label: "doors")

    private static let surveySeconds: Int64 = 60

    init(_ plan: ServingPlan, _ given: Given = Given()) {
        self.given = given
        time = given.time
        idleSeconds = given.idleSeconds
        mailbox = given.isDemonstration ? Mailbox() : nil
        current = Mutex(Reading(plan: plan, lobby: Lobby(plan.home, given.metrics)))
        if plan.folder == nil {
            only.withLock { $0 = Door("", self) }
        } else {
            given.metrics.watch { [weak self] in
                guard let self else { return nil }
                return (opened.load(ordering: .relaxed), table.withLock { $0.count })
            }
        }
    }

    var plan: ServingPlan { current.withLock { $0.plan } }
    var reading: Int { current.withLock { $0.number } }
    private var lobby: Lobby { current.withLock { $0.lobby } }

    func barePage(_ status: Int) -> [UInt8] { lobby.bare(status) }

    // MARK: - Requests and questions

    func handle(_ request: HTTPRequest, _ responder: Responder) {
        guard let door = door(at: request.host) else {
            return responder.send(lobby.nobody(request))
        }
        let isOnlyAsking = Lobby.isOnlyAsking(request)
        if let stay = door.enterIfOpen(isUse: !isOnlyAsking) {
            return stay.handle(request, responder)
        }
        if isOnlyAsking { return responder.send(lobby.about(request)) }
        door.enter { entered in
            switch entered {
            case .success(let stay): stay.handle(request, responder)
            case .failure(let not):
                responder.send(
                    self.lobby.notNow(request, retryAfterSeconds: not.retryAfterSeconds)
                )
            }
        }
    }

    /// What a command in another process asks, of the only community or of the one it names. Nil
    /// if that is not here.
    func answer(_ question: Control.Question) throws -> [String]? {
        guard let door = question.community.map(find) ?? only.withLock({ $0 }) else { return nil }
        let done = DispatchSemaphore(value: 0)
        let answered = Mutex<Result<[String], any Error>>(.success([]))
        door.enter { entered in
            let result = Result { try entered.get().community.answer(question) }
            answered.withLock { $0 = result }
            done.signal()
        }
        done.wait()
        return try answered.withLock { $0 }.get()
    }

    func door(at host: String) -> Door? {
        if let only = only.withLock({ $0 }) { return only }
        return table.withLock { $0[host] } ?? find(HostName.withoutPort(host))
    }

    /// One that is not known yet may have been made since the last survey.
    private func find(_ name: String) -> Door? {
        if let known = table.withLock({ $0[name] }) { return known }
        guard plan.folder != nil, HostName.isOne(name), isFolder(plan.data(of: name)) else {
            return nil
        }
        return add(name)
    }

    private func add(_ name: String) -> Door {
        table.withLock { table in
            if let known = table[name] { return known }
            let door = Door(name, self)
            table[name] = door
            return door
        }
    }

    private func isFolder(_ path: String) -> Bool {
        var isFolder = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
    }

    // MARK: - For a door

    func log(of door: Door) -> AccessLog { AccessLog(door.name) }

    func storePath(of door: Door) -> String { Opening.storePath(plan.data(of: door.name)) }

    func openCommunity(_ door: Door) throws -> OpenCommunity {
        let (plan, reading) = current.withLock { ($0.plan, $0.number) }
        let community = try plan.community(door.name)
        let isOnly = only.withLock { $0 != nil }
        let log = log(of: door)
        let database = try Opening.database(
            community.options,
            time: time,
            shipping: community.shipping,
            migrations: plan.home.migrations,
            onSuspect: isOnly ? Opening.endOnSuspicion : log.problem
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
    func opens(_ work: @escaping @Sendable () -> Void) -> Bool {
        guard begins() else { return false }
        let begun = openers.run {
            work()
            self.underWay.leave()
        }
        if !begun { underWay.leave() }
        return begun
    }

    /// Runs an opening on this thread.
    func opensHere(_ work: () -> Void) -> Bool {
        guard begins() else { return false }
        work()
        underWay.leave()
        return true
    }

    private func begins() -> Bool {
        isEnding.withLock { isEnding in
            guard !isEnding else { return false }
            underWay.enter()
            return true
        }
    }

    // MARK: - Beginning, going round, ending

    /// Opens the only one. Many are looked at in the background.
    func begin() throws {
        if let only = only.withLock({ $0 }) {
            try only.openAtOnce()
        } else {
            findAll()
            queue.async { self.goRound() }
        }
    }

    private func goRound() {
        guard !isEnding.withLock({ $0 }) else { return }
        look()
        queue.asyncAfter(deadline: .now() + 1) { [weak self] in self?.goRound() }
    }

    /// One round, here and now, for tests.
    func round() {
        queue.sync { look() }
    }

    private func look() {
        let now = time.now()
        let isSurvey = surveyed.withLock { surveyed in
            if let last = surveyed, now < last.adding(seconds: Self.surveySeconds), last <= now {
                return false
            }
            surveyed = now
            return true
        }
        if isSurvey { survey() }
        for door in all {
            if isEnding.withLock({ $0 }) { return }
            // One that was being opened while settings were read has the old ones.
            rewire(door)
            door.look(at: now)
        }
    }

    private var all: [Door] {
        if let only = only.withLock({ $0 }) { return [only] }
        return table.withLock { Array($0.values) }
    }

    private func survey() {
        findAll()
        for door in all {
            if isEnding.withLock({ $0 }) { return }
            door.survey()
        }
    }

    /// Folders that came, and those that went.
    private func findAll() {
        guard let folder = plan.folder else { return }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in names
        where HostName.isOne(name) && table.withLock({ $0[name] }) == nil
            && isFolder("\(folder)/\(name)")
        { _ = add(name) }
        let gone = Set(table.withLock { $0.keys }).subtracting(names)
        for name in gone where table.withLock({ $0[name] })?.isClosed == true {
            table.withLock { $0[name] = nil }
        }
    }

    @discardableResult
    private func rewire(_ door: Door) -> Bool {
        do {
            try door.rewire()
            return true
        } catch {
            log(of: door).problem("settings were not read anew, all stays as it was: \(error)")
            return false
        }
    }

    /// Goes on with what was read anew. A community in whose settings something is wrong stays as
    /// it was; false if that is so for one.
    func change(to plan: ServingPlan) -> Bool {
        current.withLock {
            $0 = Reading(
                plan: plan,
                lobby: Lobby(plan.home, given.metrics),
                number: $0.number + 1
            )
        }
        return queue.sync {
            findAll()
            var isWhole = true
            for door in all {
                door.forgive()
                isWhole = rewire(door) && isWhole
            }
            return isWhole
        }
    }

    /// Closes all, when no request comes any more.
    func end() {
        isEnding.withLock { $0 = true }
        queue.sync {}
        underWay.wait()
        let all = all
        DispatchQueue.concurrentPerform(iterations: all.count) { all[$0].end() }
    }
}
