import Basics
import Events
import HTTPServer
import Store
import Synchronization
import Web

/// The way to one community, whose store is opened for the first who comes and closed again when
/// nobody has come for long.
///
/// Only the opening runs beside other things; all else that changes its phase runs on the queue of
/// `Doors`, one after another.
final class Door: Sendable {
    typealias Entered = @Sendable (Result<Stay, NotNow>) -> Void

    /// The community cannot be entered at this moment.
    struct NotNow: Error, CustomStringConvertible {
        let retryAfterSeconds: Int64

        var description: String { "the community is not open now; the log says why" }
    }

    private enum Phase {
        case closed
        case opening
        case open(OpenCommunity)
        case closing
    }

    private struct State {
        var phase = Phase.closed
        /// Who is inside, or has work under way there.
        var guests = 0
        /// Who waits while it opens, or closes first.
        var waiting: [Entered] = []
        var lastUse = Instant(milliseconds: 0)
        /// While it is closed, when there is work to open it for; while it is open, until when it
        /// need not be asked whether it may be closed.
        var due: Instant?
        var mark: FileMark?
        var failedAt: Instant?
        var failures = 0
    }

    /// The host it is reached at, and its folder's name. Empty for the only one.
    let name: String
    private unowned let doors: Doors
    private let state = Mutex(State())

    /// Beyond this many nobody waits: 503 at once.
    private static let mostWaiting = 256
    private static let busySeconds: Int64 = 5
    /// What cannot be opened is tried again after this long for a request, and with longer and
    /// longer pauses for its own work.
    private static let retrySeconds: Int64 = 30
    private static let longestRetrySeconds: Int64 = 3600

    init(_ name: String, _ doors: Doors) {
        self.name = name
        self.doors = doors
    }

    // MARK: - Entering

    /// The way of nearly every request.
    func enterIfOpen(isUse: Bool = true) -> Stay? {
        let now = doors.time.now()
        return state.withLock { state in
            guard case .open(let open) = state.phase else { return nil }
            if isUse { state.lastUse = now }
            return admit(to: open, &state)
        }
    }

    /// Calls `entered` once the community is open, or cannot be opened; maybe at once, maybe on
    /// another thread.
    func enter(_ entered: @escaping Entered) {
        enum Way {
            case enters(Stay)
            case waits
            case opens
            case refused(Int64)
        }
        let now = doors.time.now()
        let way: Way = state.withLock { state in
            switch state.phase {
            case .open(let open):
                state.lastUse = now
                return .enters(admit(to: open, &state))
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
            }
        }
        switch way {
        case .enters(let stay): entered(.success(stay))
        case .waits: break
        case .opens: beginOpening()
        case .refused(let seconds): entered(.failure(NotNow(retryAfterSeconds: seconds)))
        }
    }

    private func admit(to open: OpenCommunity, _ state: inout State) -> Stay {
        state.guests += 1
        return Stay(open.community, self)
    }

    fileprivate func leave() {
        state.withLock { $0.guests -= 1 }
    }

    // MARK: - Opening

    private func beginOpening() {
        if !doors.opens({ _ = try? self.open() }) { turnAway(Self.busySeconds) }
    }

    /// For the only one, which opens before anyone may come.
    func openAtOnce() throws {
        state.withLock { $0.phase = .opening }
        try open()
    }

    private func open() throws {
        let open: OpenCommunity
        do {
            open = try doors.openCommunity(self)
        } catch {
            fail(error)
            throw error
        }
        let now = doors.time.now()
        // One of them is this thread's own: so nobody closes what has not started.
        let entering = state.withLock { state in
            state.phase = .open(open)
            state.due = nil
            state.failedAt = nil
            state.failures = 0
            if !state.waiting.isEmpty { state.lastUse = now }
            let entering = state.waiting.map { ($0, admit(to: open, &state)) }
            state.waiting = []
            state.guests += 1
            return entering
        }
        doors.opened.add(1, ordering: .relaxed)
        doors.openings.add(1, ordering: .relaxed)
        for (entered, stay) in entering { entered(.success(stay)) }
        open.start()
        leave()
    }

    private func fail(_ error: any Error) {
        doors.log(of: self).problem("this community cannot be opened: \(error)")
        let now = doors.time.now()
        state.withLock { state in
            state.failedAt = now
            state.failures += 1
            // Its work is looked for anew.
            state.mark = nil
        }
        turnAway(Self.retrySeconds)
    }

    /// It is closed, whoever waits.
    private func turnAway(_ seconds: Int64) {
        let waiting = state.withLock { state in
            state.phase = .closed
            defer { state.waiting = [] }
            return state.waiting
        }
        for entered in waiting { entered(.failure(NotNow(retryAfterSeconds: seconds))) }
    }

    // MARK: - On the queue of all doors

    /// What is to be done here at this time: opened for its own work, or closed.
    func look(at now: Instant) {
        let opens = state.withLock { state in
            guard case .closed = state.phase, let due = state.due, due <= now,
                state.failedAt.map({ $0.adding(seconds: pause(state.failures)) <= now }) ?? true
            else { return false }
            state.phase = .opening
            return true
        }
        if opens {
            if !doors.opensHere({ _ = try? self.open() }) { turnAway(Self.busySeconds) }
        } else {
            abandonIfSuspect()
            closeIfIdle(at: now)
        }
    }

    private func pause(_ failures: Int) -> Int64 {
        min(Self.retrySeconds << Int64(min(max(failures - 1, 0), 10)), Self.longestRetrySeconds)
    }

    /// Looks at the store of a closed community if its files have changed since the last time.
    func survey() {
        let path = doors.storePath(of: self)
        let mark = FileMark(of: path)
        let isNews = state.withLock { state in
            guard case .closed = state.phase else { return false }
            return state.mark != mark
        }
        guard isNews else { return }
        let due: Instant?
        do {
            due = try Database.glance(at: path) { try Community.outlook.next(in: $0) } ?? nil
        } catch {
            // Opening it will tell what is the matter.
            due = doors.time.now()
        }
        state.withLock { state in
            guard case .closed = state.phase else { return }
            state.mark = mark
            state.due = due
        }
    }

    /// What could not be opened may be tried again at once.
    func forgive() {
        state.withLock { state in
            state.failedAt = nil
            state.failures = 0
        }
    }

    var isClosed: Bool {
        state.withLock { if case .closed = $0.phase { $0.guests == 0 } else { false } }
    }

    /// Goes on with the settings of now, over the same store.
    func rewire() throws {
        let open = state.withLock { state -> OpenCommunity? in
            if case .open(let open) = state.phase { open } else { nil }
        }
        guard let open, open.reading != doors.reading else { return }
        let fresh: OpenCommunity
        do {
            fresh = try doors.wire(self, over: open.database)
        } catch {
            // Not tried again before the next reading.
            var same = open
            same.reading = doors.reading
            state.withLock { [same] in $0.phase = .open(same) }
            throw error
        }
        state.withLock { $0.phase = .open(fresh) }
        open.community.runner.stop()
        fresh.community.runner.start()
    }

    private func closeIfIdle(at now: Instant) {
        let open = state.withLock { idle(&$0, at: now) }
        guard let open else { return }
        let next = try? open.nextDue()
        if let next, next < now.adding(seconds: doors.idleSeconds) {
            state.withLock { $0.due = max(next, now.adding(seconds: 1)) }
            return
        }
        let isStill = state.withLock { state in
            guard idle(&state, at: now) != nil else { return false }
            state.phase = .closing
            return true
        }
        if isStill { close(open) }
    }

    private func idle(_ state: inout State, at now: Instant) -> OpenCommunity? {
        guard case .open(let open) = state.phase, state.guests == 0,
            state.lastUse.adding(seconds: doors.idleSeconds) <= now,
            state.due.map({ $0 <= now }) ?? true
        else { return nil }
        return open
    }

    /// Finishes its own work, signs, and lets go of the store.
    private func close(_ open: OpenCommunity) {
        do {
            try open.rest()
        } catch {
            doors.log(of: self).problem("this community stays open: \(error)")
            stayOpen(open)
            return
        }
        // Nothing changes the store from here on.
        let due = (try? open.nextDue()) ?? nil
        open.database.close()
        let mark = FileMark(of: doors.storePath(of: self))
        let isWanted = state.withLock { state in
            state.due = due
            state.mark = mark
            state.phase = state.waiting.isEmpty ? .closed : .opening
            return !state.waiting.isEmpty
        }
        doors.opened.subtract(1, ordering: .relaxed)
        if isWanted { beginOpening() }
    }

    private func stayOpen(_ open: OpenCommunity) {
        let later = doors.time.now().adding(seconds: Self.retrySeconds)
        let entering = state.withLock { state in
            state.phase = .open(open)
            state.due = later
            let entering = state.waiting.map { ($0, admit(to: open, &state)) }
            state.waiting = []
            return entering
        }
        for (entered, stay) in entering { entered(.success(stay)) }
    }

    /// What the disk holds is in doubt: nothing more is written, and the next opening goes on from
    /// what is really there.
    private func abandonIfSuspect() {
        let open = state.withLock { state -> OpenCommunity? in
            guard case .open(let open) = state.phase, open.database.isSuspect else { return nil }
            state.phase = .closing
            return open
        }
        guard let open else { return }
        open.community.runner.stop()
        open.database.close()
        doors.opened.subtract(1, ordering: .relaxed)
        fail(StoreUnavailable.suspect)
    }

    /// At the end of the process, when nobody comes any more.
    func end() {
        let open = state.withLock { state -> OpenCommunity? in
            guard case .open(let open) = state.phase else { return nil }
            state.phase = .closing
            return open
        }
        guard let open else { return }
        do {
            try open.rest()
        } catch {
            // Signed at the next start, which finds that there is something to sign.
            open.community.runner.stop()
        }
        open.database.close()
        doors.opened.subtract(1, ordering: .relaxed)
        turnAway(Self.busySeconds)
    }
}

/// Keeps the community open while somebody holds it.
final class Stay: Sendable {
    let community: Community
    private let door: Door

    fileprivate init(_ community: Community, _ door: Door) {
        self.community = community
        self.door = door
    }

    deinit {
        door.leave()
    }

    /// Whatever works for the request holds its responder, and so this.
    func handle(_ request: HTTPRequest, _ responder: Responder) {
        community.site.handle(
            request,
            Responder { response in
                withExtendedLifetime(self) { responder.send(response) }
            }
        )
    }
}
