package import Dispatch
import Glibc

/// How long a test waits for what ought to come: far longer than a slow machine takes, since no
/// test judges by time, and not for ever, since a run without an end tells nothing.
package enum Patience {
    package static let seconds = 60
}

/// False when it did not come about in time.
package func comes(
    within seconds: Int = Patience.seconds,
    every microseconds: UInt32 = 5_000,
    _ isSo: () throws -> Bool
) rethrows -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end {
        if try isSo() { return true }
        usleep(microseconds)
    }
    return try isSo()
}

/// Whether there comes something to read, an end, or somebody who connects.
package func comesToRead(_ descriptor: Int32, within seconds: Int = Patience.seconds) -> Bool {
    comes(within: seconds) {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&entry, 1, 0) > 0
    }
}

extension DispatchSemaphore {
    /// False when nobody signalled in time.
    package func comes(within seconds: Int = Patience.seconds) -> Bool {
        wait(timeout: .now() + .seconds(seconds)) == .success
    }
}

extension DispatchGroup {
    /// False when not everybody left in time.
    package func comes(within seconds: Int = Patience.seconds) -> Bool {
        wait(timeout: .now() + .seconds(seconds)) == .success
    }
}
