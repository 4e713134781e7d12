import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// Where the time comes from. Given once, in `App`, so that no test has to wait.
package struct TimeSource: Sendable {
    package let now: @Sendable () -> Instant

    package init(now: @escaping @Sendable () -> Instant) {
        self.now = now
    }

    package static let system = TimeSource {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// Runs only forward, whatever the clock is set to: for how long ago something was, and never
    /// for what is written down.
    package static let uptime = TimeSource {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

/// A clock that stands still until it is moved, for tests.
package final class StandingClock: Sendable {
    private let time: Mutex<Instant>

    package init(_ start: Instant) {
        time = Mutex(start)
    }

    package func advance(seconds: Int64) {
        time.withLock { $0 = $0.adding(seconds: seconds) }
    }

    package var source: TimeSource {
        TimeSource { self.time.withLock { $0 } }
    }
}

/// Where chance comes from: the kernel's random numbers, or a seeded run in tests.
package struct RandomSource: Sendable {
    package let word: @Sendable () -> UInt64
    private let isSystem: Bool

    private init(isSystem: Bool, word: @escaping @Sendable () -> UInt64) {
        self.isSystem = isSystem
        self.word = word
    }

    package init(word: @escaping @Sendable () -> UInt64) {
        self.init(isSystem: false, word: word)
    }

    /// The kernel's generator, fit for keys and tokens.
    package static let system = RandomSource(isSystem: true) {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }

    /// SplitMix64: the same seed gives the same run.
    package static func seeded(_ seed: UInt64) -> RandomSource {
        let state = SeededState(seed)
        return RandomSource { state.next() }
    }

    package func bytes(_ count: Int) -> [UInt8] {
        if isSystem, count > 0, count <= 256 {
            // In one call of the kernel, which gives up to this much at once.
            var bytes = [UInt8](repeating: 0, count: count)
            if unsafe getentropy(&bytes, count) == 0 { return bytes }
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 8)
        while bytes.count < count {
            var word = word()
            for _ in 0..<8 {
                bytes.append(UInt8(truncatingIfNeeded: word))
                word >>= 8
            }
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    /// A number from 0 up to, but not including, `bound`; every one equally likely.
    package func number(below bound: Int) -> Int {
        precondition(bound > 0)
        let bound = UInt64(bound)
        let fair = UInt64.max - UInt64.max % bound
        var word = word()
        while word >= fair { word = self.word() }
        return Int(word % bound)
    }
}

private final class SeededState: Sendable {
    private let state: Mutex<UInt64>

    init(_ seed: UInt64) {
        state = Mutex(seed)
    }

    func next() -> UInt64 {
        state.withLock { state in
            state &+= 0x9E37_79B9_7F4A_7C15
            var word = state
            word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
            return word ^ (word >> 31)
        }
    }
}
