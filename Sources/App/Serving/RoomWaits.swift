import Basics
import Dispatch
import Synchronization

/// Waiting for room, and telling that there is none.
final class RoomWaits: Sendable {
    private struct State {
        var refused: Instant?
        var told: Instant?
    }

    private static let stepMilliseconds = 20
    private static let quietSeconds: Int64 = 60

    private let waitMilliseconds: Int
    private let state = Mutex(State())

    init(milliseconds: Int) {
        waitMilliseconds = milliseconds
    }

    /// Asks again for a moment. While there is a crowd only the first waits: the others would stand
    /// behind each other.
    func find(
        at uptime: TimeSource,
        _ ask: () -> Place?,
        tell: () -> Void
    ) -> Place? {
        if let place = ask() { return place }
        let isCrowd = state.withLock { state in
            state.refused.map { isBefore(uptime.now(), $0, waitMilliseconds) } ?? false
        }
        if !isCrowd {
            // Asking may wait too, for what is being closed.
            let end = DispatchTime.now() + .milliseconds(waitMilliseconds)
            while DispatchTime.now() < end {
                let pause = DispatchSemaphore(value: 0)
                _ = pause.wait(timeout: .now() + .milliseconds(Self.stepMilliseconds))
                if let place = ask() { return place }
            }
        }
        let now = uptime.now()
        let isNews = state.withLock { state in
            state.refused = now
            guard state.told.map({ $0.adding(seconds: Self.quietSeconds) <= now }) ?? true else {
                return false
            }
            state.told = now
            return true
        }
        if isNews { tell() }
        return nil
    }

    private func isBefore(_ now: Instant, _ since: Instant, _ milliseconds: Int) -> Bool {
        now.milliseconds < since.milliseconds + Int64(milliseconds)
    }
}
