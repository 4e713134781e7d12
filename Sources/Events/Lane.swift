import Basics
import Dispatch
import Synchronization

/// Runs one kind of work, one piece at a time: when it is woken, and when the next piece is due.
/// Without work it holds no thread.
final class Lane: Sendable {
    private struct State {
        var isRunning = false
        /// A pass is waiting on the queue already.
        var isAwake = false
        /// When the next timer goes off.
        var alarm: DispatchTime?
    }

    private let state = Mutex(State())
    private let queue: DispatchQueue
    private let time: TimeSource
    /// Does everything that is due, as long as it may, and tells when there will be more.
    private let pass: @Sendable (_ mayGoOn: @escaping MayGoOn) -> Instant?

    /// At the latest after this long the clock is looked at again, since it may have been set.
    private static let longestSleepMilliseconds: Int64 = 60_000

    init(
        _ name: String,
        time: TimeSource,
        pass: @escaping @Sendable (_ mayGoOn: @escaping MayGoOn) -> Instant?
    ) {
        queue = DispatchQueue(label: "events.\(name)")
        self.time = time
        self.pass = pass
    }

    func start() {
        state.withLock { $0.isRunning = true }
        wake()
    }

    /// Nothing more is begun. Whoever wants to know when what goes on has ended asks `whenStill`.
    func stop() {
        state.withLock { $0.isRunning = false }
    }

    /// Called on this lane's queue.
    func whenStill(_ then: @escaping @Sendable () -> Void) {
        queue.async(execute: then)
    }

    func wake() {
        let isNew = state.withLock { state in
            guard state.isRunning, !state.isAwake else { return false }
            state.isAwake = true
            return true
        }
        if isNew { queue.async { [weak self] in self?.run() } }
    }

    private func run() {
        let isRunning = state.withLock { state in
            state.isAwake = false
            return state.isRunning
        }
        guard isRunning else { return }
        sleep(until: pass { [weak self] in self?.state.withLock { $0.isRunning } ?? false })
    }

    private func sleep(until due: Instant?) {
        let rest = due.map { $0.milliseconds - time.now().milliseconds }
        let pause = min(
            max(rest ?? Self.longestSleepMilliseconds, 0),
            Self.longestSleepMilliseconds
        )
        let alarm = DispatchTime.now() + .milliseconds(Int(pause))
        // Each batch of changes comes by here, so a timer is set only if none goes off before.
        let isFirst = state.withLock { state in
            if let set = state.alarm, set <= alarm { return false }
            state.alarm = alarm
            return true
        }
        guard isFirst else { return }
        queue.asyncAfter(deadline: alarm) { [weak self] in
            self?.state.withLock { if $0.alarm == alarm { $0.alarm = nil } }
            self?.wake()
        }
    }
}
