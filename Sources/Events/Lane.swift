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
        var timer = 0
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
        // Only the timer set last counts; those before it find another number and do nothing.
        let timer = state.withLock { state in
            state.timer += 1
            return state.timer
        }
        queue.asyncAfter(deadline: .now() + .milliseconds(Int(pause))) { [weak self] in
            guard let self, state.withLock({ $0.timer == timer }) else { return }
            wake()
        }
    }
}
