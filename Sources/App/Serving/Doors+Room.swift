import Basics
import Dispatch
import Synchronization

/// Room for one more, where as many are open as may be.
extension Doors {
    private static let mostSecondsOfClosing = 5

    /// Closes the one that nobody has used for longest, of those that may be closed; false if none
    /// may. Waits until it is closed, so it is not for the queue of rounds.
    func makeRoom() -> Bool {
        let isClosed = Mutex(false)
        let done = DispatchSemaphore(value: 0)
        let begun = rounds.sync {
            closeUnused {
                let result = $0
                isClosed.withLock { $0 = result }
                done.signal()
            }
        }
        guard begun else { return false }
        let end = DispatchTime.now() + .seconds(Self.mostSecondsOfClosing)
        return done.wait(timeout: end) == .success && isClosed.withLock { $0 }
    }

    private func closeUnused(_ closed: @escaping @Sendable (Bool) -> Void) -> Bool {
        let now = household.time.now()
        return all.compactMap { door in door.unusedSince.map { (since: $0, door: door) } }
            .sorted { $0.since < $1.since }
            .contains { $0.door.closeForAnother(at: now, closed) }
    }
}

extension Door {
    /// Nil if it is in use now, or not open.
    var unusedSince: Instant? {
        state.withLock { state in
            guard case .open = state.phase, state.guests == 0 else { return nil }
            return state.lastUse
        }
    }

    /// Closes it although it may be asked for again soon, but not while it has work to do: then
    /// false.
    func closeForAnother(
        at now: Instant,
        _ closed: @escaping @Sendable (Bool) -> Void
    ) -> Bool {
        let open = state.withLock { unused($0) }
        guard let open else { return false }
        if let next = (try? open.nextDue()) ?? nil, next <= now { return false }
        let isStill = state.withLock { state in
            guard unused(state) != nil else { return false }
            state.phase = .closing
            // If it has to stay open, the others are asked before it is again.
            state.lastUse = household.uptime.now()
            return true
        }
        guard isStill else { return false }
        let isStopping = household.stops(open) { closed(self.close(open, forAnother: true)) }
        if !isStopping { stayOpen(open) }
        return isStopping
    }

    private func unused(_ state: State) -> OpenCommunity? {
        guard case .open(let open) = state.phase, state.guests == 0,
            !open.isBehind || open.isOutOfReach
        else { return nil }
        return open
    }
}
