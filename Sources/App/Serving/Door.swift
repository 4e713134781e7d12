import Basics
import HTTPServer
import Store
import Synchronization

/// The way to one community, whose store is opened for the first who comes and closed again when
/// nobody has come for long.
///
/// The queue of `Doors` decides what becomes of it. What takes long is done elsewhere, and until it is
/// over the phase, or `isStarted`, keeps all else away.
final class Door: Sendable {
    typealias Entered = @Sendable (Result<Stay, NotNow>) -> Void

    /// The community cannot be entered at this moment.
    struct NotNow: Error, CustomStringConvertible {
        let retryAfterSeconds: Int64

        var description: String { "the community is not open now; the log says why" }
    }

    enum Phase {
        case closed
        case opening
        case open(OpenCommunity)
        case closing
        /// Forgotten: whoever holds it looks for another.
        case gone
    }

    struct State {
        var phase = Phase.closed
        /// While it is open, or being opened or closed.
        var place: Place?
        /// Its own work has begun, and is not being changed for that of a new wiring.
        var isStarted = false
        /// Who is inside, or has work under way there.
        var guests = 0
        /// Who waits while it opens, or closes first.
        var waiting: [Entered] = []
        var lastUse = Instant(milliseconds: 0)
        /// While it is closed, when there is work to open it for.
        var due: Instant?
        /// While it is open, until when it need not be asked whether it may be closed: by uptime.
        var busyUntil: Instant?
        var mark: FileMark?
        /// While it is closed, that it is due only to ship what was left when it was.
        var isBehind = false
        /// While it is closed, whether its settings and keys are right; nil before anyone looked.
        var isUsable: Bool?
        /// With right settings it could not be opened the last time.
        var isUnopened = false
        var failedAt: Instant?
        var failures = 0
        /// What its settings lack, as it was told last.
        var missing: [String] = []
        /// How often it was opened, and whether that hangs now.
        var attempts = 0
        var isLate = false
    }

    /// The host it is reached at, and its folder's name. Empty for the only one.
    let name: String
    let household: Household
    /// Its own line for password hashes and the like, which a burst at another does not fill.
    let slow: SlowLane
    let state = Mutex(State())

    /// Beyond this many nobody waits: 503 at once.
    private static let mostWaiting = 256
    static let busySeconds: Int64 = 5
    /// What cannot be opened is tried again after this long for a request, and with longer and
    /// longer pauses for its own work.
    static let retrySeconds: Int64 = 30

    init(_ name: String, _ household: Household) {
        self.name = name
        self.household = household
        slow = household.slowLane()
    }

    /// The log tells of which of many an answer is.
    func signed(_ response: HTTPResponse) -> HTTPResponse {
        guard !name.isEmpty else { return response }
        var response = response
        response.community = name
        return response
    }

    // MARK: - Entering

    /// The way of nearly every request.
    func enterIfOpen(isUse: Bool = true) -> Stay? {
        let now = household.uptime.now()
        return state.withLock { state in
            guard case .open(let open) = state.phase else { return nil }
            if isUse { state.lastUse = now }
            return admit(to: open, &state)
        }
    }

    /// Calls `entered` once the community is open, or cannot be opened; maybe at once, maybe on
    /// another thread. False, and it is never called, when this door is gone.
    func enter(_ entered: @escaping Entered) -> Bool {
        enum Way {
            case enters(Stay)
            case waits
            case opens
            case refused(Int64)
            case gone
        }
        let now = household.uptime.now()
        let way: Way = state.withLock { state in
            switch state.phase {
            case .open(let open):
                state.lastUse = now
                return .enters(admit(to: open, &state))
            case .opening where state.isLate: return .refused(Self.retrySeconds)
            case .opening, .closing:
                guard state.waiting.count < Self.mostWaiting else {
                    return .refused(Self.busySeconds)
                }
                state.waiting.append(entered)
                return .waits
            case .closed:
                if let again = state.failedAt?.adding(seconds: Self.retrySeconds), now < again {
                    return .refused((again.milliseconds - now.milliseconds) / 1000 + 1)
                }
                state.waiting.append(entered)
                state.phase = .opening
                return .opens
            case .gone: return .gone
            }
        }
        switch way {
        case .enters(let stay): entered(.success(stay))
        case .waits: break
        case .opens: beginOpening()
        case .refused(let seconds): entered(.failure(NotNow(retryAfterSeconds: seconds)))
        case .gone: return false
        }
        return true
    }

    func admit(to open: OpenCommunity, _ state: inout State) -> Stay {
        state.guests += 1
        return Stay(open.community, self)
    }

    func leave() {
        state.withLock { $0.guests -= 1 }
    }

    // MARK: - Opening

    func beginOpening(forItself: Bool = false) {
        let attempt = state.withLock { state in
            state.attempts += 1
            return state.attempts
        }
        let isBegun = household.opens(forItself: forItself) { begun in
            if forItself { self.openForItself(begun) } else { _ = try? self.open(begun) }
        } late: {
            self.beLate(attempt)
        } refused: {
            self.turnAway(Self.retrySeconds)
        }
        if !isBegun { turnAway(Self.busySeconds) }
    }

    /// Its files do not answer. Nobody waits for them any more, and it takes no place, until they do.
    private func beLate(_ attempt: Int) {
        let waiting = state.withLock { state -> [Entered]? in
            guard case .opening = state.phase, state.attempts == attempt else { return nil }
            state.isLate = true
            state.place = nil
            defer { state.waiting = [] }
            return state.waiting
        }
        guard let waiting else { return }
        tell(Unusable("its files do not answer"))
        for entered in waiting { entered(.failure(NotNow(retryAfterSeconds: Self.retrySeconds))) }
    }

    /// For the only one, which opens before anyone may come. What is the matter is for whoever
    /// started the process to say.
    func openAtOnce() throws {
        state.withLock { $0.phase = .opening }
        take(try household.openCommunity(self))
    }

    /// Calls `begun` once there is room, since waiting for that is no fault of its files.
    func open(_ begun: () -> Void = {}) throws {
        guard takeRoom() else {
            turnAway(Self.busySeconds)
            throw NotNow(retryAfterSeconds: Self.busySeconds)
        }
        begun()
        do {
            take(try household.openCommunity(self))
        } catch {
            fail(error)
            throw error
        }
        beginWork()
    }

    private func takeRoom() -> Bool {
        guard let place = household.takeRoom(for: self) else { return false }
        state.withLock { $0.place = place }
        return true
    }

    private func take(_ open: OpenCommunity) {
        let now = household.uptime.now()
        // Its own work begins after those who wait were served. Until then one guest is whoever
        // opened it, so that nobody closes it.
        let entering = state.withLock { state in
            state.phase = .open(open)
            // What was late gave its place to whoever came meanwhile, but is open now.
            state.place = state.place ?? household.placeBeyond()
            state.isLate = false
            state.isStarted = false
            state.due = nil
            state.busyUntil = nil
            state.isBehind = false
            state.failedAt = nil
            state.failures = 0
            state.isUsable = true
            state.isUnopened = false
            if !state.waiting.isEmpty { state.lastUse = now }
            let entering = state.waiting.map { ($0, admit(to: open, &state)) }
            state.waiting = []
            state.guests += 1
            return entering
        }
        household.openings.add(1, ordering: .relaxed)
        for (entered, stay) in entering { entered(.success(stay)) }
    }

    /// Once after each opening.
    func beginWork() {
        state.withLock { state in
            // Settings may have been read anew since: what they made is what begins.
            if case .open(let current) = state.phase { current.start() }
            state.isStarted = true
            state.guests -= 1
        }
    }

    func fail(_ error: any Error) {
        tell(error)
        let now = household.uptime.now()
        let isUsable = (try? household.plan.community(name)) != nil
        state.withLock { state in
            state.isUsable = isUsable
            state.isUnopened = isUsable
            state.failedAt = now
            state.failures += 1
            // Its work is looked for anew.
            state.mark = nil
        }
        turnAway(Self.retrySeconds)
    }

    /// It is closed, whoever waits.
    func turnAway(_ seconds: Int64) {
        let waiting = state.withLock { state in
            state.phase = .closed
            state.place = nil
            state.isLate = false
            defer { state.waiting = [] }
            return state.waiting
        }
        for entered in waiting { entered(.failure(NotNow(retryAfterSeconds: seconds))) }
    }
}
