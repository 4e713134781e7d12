import Basics
import Events
import Store
import Synchronization

/// What `Doors` does with a door, never two things at once.
extension Door {
    private static let longestRetrySeconds: Int64 = 3600

    /// What is to be done here at this time: opened for its own work, or closed.
    func look(at now: Instant) {
        let uptime = household.uptime.now()
        let opens = state.withLock { state in
            guard case .closed = state.phase, let due = state.due, due <= now,
                state.failedAt.map({ $0.adding(seconds: pause(state.failures)) <= uptime })
                    ?? true
            else { return false }
            state.phase = .opening
            return true
        }
        if opens {
            beginOpening(forItself: true)
        } else {
            lookAtStore()
            closeIfIdle(at: now)
        }
    }

    /// One that only has to ship leaves half of the places to those who are asked for: where a
    /// second place is out of reach, it stays open.
    func openForItself(_ begun: () -> Void) {
        let later = household.time.now().adding(seconds: Self.retrySeconds)
        let hasRoom = household.hasRoomToSpare
        let waits = state.withLock { state in
            guard state.isBehind, !hasRoom, state.waiting.isEmpty else { return false }
            state.due = later
            state.phase = .closed
            return true
        }
        if !waits { _ = try? open(begun) }
    }

    private func pause(_ failures: Int) -> Int64 {
        min(Self.retrySeconds << Int64(min(max(failures - 1, 0), 10)), Self.longestRetrySeconds)
    }

    /// Looks at the store of a closed community if its files have changed since the last time.
    func survey() {
        switch state.withLock({ $0.isUsable }) {
        case nil: check()
        case false?: checkAgain()
        default: break
        }
        let path = household.storePath(of: self)
        let mark = FileMark(of: path)
        let isNews = state.withLock { state in
            guard case .closed = state.phase else { return false }
            return state.mark != mark
        }
        guard isNews else { return }
        let now = household.time.now()
        var due: Instant?
        var isBehind = false
        do {
            due = try Database.glance(at: path) { try Community.outlook.next(in: $0) } ?? nil
            isBehind = self.isBehind && due.map { $0 > now } ?? true
            if isBehind { due = now }
        } catch {
            // Opening it will tell what is the matter.
            due = now
        }
        state.withLock { [due, isBehind] state in
            guard case .closed = state.phase else { return }
            state.mark = mark
            state.due = due
            state.isBehind = isBehind
        }
    }

    /// Reads its settings and keys, without opening its store, and tells what is wrong in them:
    /// then false. Of one that is open they were right.
    @discardableResult
    func check(_ found: (CommunityPlan) -> Void = { _ in }) -> Bool {
        guard isClosed else { return true }
        var wrong: (any Error)?
        do {
            found(try household.plan.community(name))
        } catch {
            wrong = error
            tell(error)
        }
        state.withLock { [isUsable = wrong == nil] in $0.isUsable = isUsable }
        return wrong == nil
    }

    /// Whether what was wrong has been mended meanwhile.
    private func checkAgain() {
        guard isClosed, (try? household.plan.community(name)) != nil else { return }
        state.withLock { $0.isUsable = true }
        forgive()
    }

    func tell(_ error: any Error) {
        household.log(of: self).problem(
            "this community cannot be opened: \(Plainly.words(error))"
        )
    }

    /// What it cannot do without, once and not at each opening.
    func tell(missing lines: [String]) {
        let isNews = state.withLock { state in
            defer { state.missing = lines }
            return state.missing != lines
        }
        if isNews { for line in lines { household.log(of: self).problem(line) } }
    }

    private var isClosed: Bool {
        state.withLock { if case .closed = $0.phase { true } else { false } }
    }

    var isBroken: Bool {
        state.withLock { state in
            switch state.phase {
            case .open(let open): open.database.isSuspect || open.database.isDamaged
            case .closed: state.isUsable == false || state.isUnopened
            case .opening: state.isLate
            default: false
            }
        }
    }

    /// Whether it was closed before all was in its second place, as when the process was killed.
    private var isBehind: Bool {
        guard let shipping = (try? household.plan.community(name))?.shipping else { return false }
        return !shipping.hasAll(of: household.storePath(of: self))
    }

    /// What could not be opened may be tried again at once.
    func forgive() {
        state.withLock { state in
            state.failedAt = nil
            state.failures = 0
            // Where it ships to may be another now.
            state.mark = nil
        }
    }

    /// Its folder went. False while somebody is inside or comes.
    func forget() -> Bool {
        state.withLock { state in
            guard case .closed = state.phase, state.guests == 0 else { return false }
            state.phase = .gone
            return true
        }
    }

    private var current: OpenCommunity? {
        state.withLock { if case .open(let open) = $0.phase { open } else { nil } }
    }

    /// As it would be with other settings over the same store. Nothing changes yet. Nil while it
    /// is not open.
    func wired(from plan: ServingPlan) throws -> Community? {
        try current.map { try household.wire(self, over: $0.database, from: plan) }
    }

    /// Goes on with what was wired from the settings of now.
    func goOn(with community: Community) {
        guard let open = current else { return }
        let fresh = OpenCommunity(
            database: open.database,
            community: community,
            reading: household.reading
        )
        exchange(open, for: fresh)
    }

    /// Goes on with the settings of now, over the same store.
    func rewire() throws {
        guard let open = current, open.reading != household.reading else { return }
        let fresh: OpenCommunity
        do {
            fresh = try household.wire(self, over: open.database)
        } catch {
            // Not tried again before the next reading.
            var same = open
            same.reading = household.reading
            state.withLock { [same] in $0.phase = .open(same) }
            throw error
        }
        exchange(open, for: fresh)
    }

    private func exchange(_ open: OpenCommunity, for fresh: OpenCommunity) {
        fresh.database.allow(waiting: household.plan.limits.writeWaiting)
        tellOfShipping(fresh.database)
        // Where another change goes on, what begins after it is what is found then.
        let isStarted = state.withLock { state in
            state.phase = .open(fresh)
            guard state.isStarted else { return false }
            state.isStarted = false
            state.guests += 1
            return true
        }
        guard isStarted else { return }
        if !household.stops(open, then: beginWork) {
            open.community.runner.stop()
            beginWork()
        }
    }

    private func tellOfShipping(_ database: Database) {
        guard let plan = try? household.plan.community(name), !database.ships(as: plan.shipping)
        else { return }
        household.log(of: self).problem(
            "`shipping` was changed: that holds when this store is opened next, as at the next "
                + "start or take-over"
        )
    }

    private func closeIfIdle(at now: Instant) {
        let open = state.withLock { idle($0) }
        guard let open else { return }
        let next = try? open.nextDue()
        if let next, next < now.adding(seconds: household.idleSeconds) {
            let milliseconds = max(next.milliseconds - now.milliseconds, 1000)
            let uptime = household.uptime.now()
            state.withLock {
                $0.busyUntil = Instant(milliseconds: uptime.milliseconds + milliseconds)
            }
            return
        }
        let isStill = state.withLock { state in
            guard idle(state) != nil else { return false }
            state.phase = .closing
            return true
        }
        guard isStill else { return }
        if !household.stops(open, then: { self.close(open) }) { stayOpen(open) }
    }

    private func idle(_ state: State) -> OpenCommunity? {
        let uptime = household.uptime.now()
        guard case .open(let open) = state.phase, state.guests == 0,
            state.lastUse.adding(seconds: household.idleSeconds) <= uptime,
            state.busyUntil.map({ $0 <= uptime }) ?? true, !open.isBehind
        else { return nil }
        return open
    }

    /// Its own work has ended: signs, and lets go of the store; false if it has to stay open. For
    /// another it does not stay open because its second place cannot be reached: what is not
    /// shipped is found there by the next survey.
    @discardableResult
    func close(_ open: OpenCommunity, forAnother: Bool = false) -> Bool {
        do {
            try open.rest()
        } catch {
            household.log(of: self).problem("this community stays open: \(error)")
            stayOpen(open)
            return false
        }
        // What it did last is shipped too.
        let mayBeBehind = forAnother && open.isOutOfReach
        if open.isBehind, !mayBeBehind { _ = try? open.database.shipNow() }
        guard !open.isBehind || mayBeBehind else {
            open.start()
            stayOpen(open)
            return false
        }
        // Nothing changes the store from here on.
        let due = (try? open.nextDue()) ?? nil
        let isBehind = open.isBehind
        open.database.close()
        let mark = isBehind ? nil : FileMark(of: household.storePath(of: self))
        becomeClosed(due: due, mark: mark)
        return true
    }

    /// Opened anew at once if somebody waits. Without a mark the store is looked at anew.
    private func becomeClosed(due: Instant? = nil, mark: FileMark? = nil) {
        let isWanted = state.withLock { state in
            state.due = due
            state.mark = mark
            state.phase = state.waiting.isEmpty ? .closed : .opening
            state.place = nil
            return !state.waiting.isEmpty
        }
        if isWanted { beginOpening() }
    }

    func stayOpen(_ open: OpenCommunity) {
        let later = household.uptime.now().adding(seconds: Self.retrySeconds)
        let entering = state.withLock { state in
            state.phase = .open(open)
            state.busyUntil = later
            let entering = state.waiting.map { ($0, admit(to: open, &state)) }
            state.waiting = []
            return entering
        }
        for (entered, stay) in entering { entered(.success(stay)) }
    }

    /// What the disk holds is in doubt: nothing more is written, and the next opening goes on from
    /// what is really there. Where that is another file, nobody need wait for that.
    func lookAtStore() {
        let found = state.withLock { state -> OpenCommunity? in
            if case .open(let open) = state.phase { open } else { nil }
        }
        guard let database = found?.database else { return }
        let isReplaced = !database.isInPlace
        guard isReplaced || database.isSuspect else { return }
        let open = state.withLock { state -> OpenCommunity? in
            guard case .open(let open) = state.phase, open.database === database, state.isStarted
            else { return nil }
            state.phase = .closing
            return open
        }
        guard let open else { return }
        let isStopping = household.stops(open) {
            open.database.close()
            if isReplaced {
                self.becomeClosed()
            } else {
                self.fail(StoreUnavailable.suspect)
            }
        }
        if !isStopping { stayOpen(open) }
    }

    /// Lets its own work come to its end, and waits for nothing.
    func beginEnding() {
        state.withLock { state in
            if case .open(let open) = state.phase { open.community.runner.beginStopping() }
        }
    }

    /// At the end of the process, when nobody comes any more.
    func end() {
        let open = state.withLock { state -> OpenCommunity? in
            guard case .open(let open) = state.phase else { return nil }
            state.phase = .closing
            return open
        }
        guard let open else { return }
        open.community.runner.stop()
        do {
            try open.rest()
        } catch {
            // Signed at the next start, which finds that there is something to sign.
            open.community.runner.stop()
        }
        open.database.close()
        turnAway(Self.busySeconds)
    }
}
