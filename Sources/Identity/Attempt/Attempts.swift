package import Basics
import Crypto
package import Store

/// Slows the guessing of passwords and codes: a few tries are free, then each wrong one doubles
/// the wait. Counted per what is guessed at *and* where from, so that nobody can lock another
/// person out; and per address alone with a wider allowance.
package struct Attempts: Sendable {
    package struct Settings: Sendable {
        package var freeTries: Int64 = 5
        package var freeTriesPerAddress: Int64 = 50
        package var firstWaitSeconds: Int64 = 30
        package var longestWaitSeconds: Int64 = 15 * 60
        /// After so long without a wrong try the count starts again.
        package var forgetAfterSeconds: Int64 = 60 * 60

        package init() {}
    }

    private let settings: Settings
    private let key: [UInt8]

    package init(settings: Settings = Settings(), key: [UInt8]) {
        self.settings = settings
        self.key = key
    }

    /// Refuses while the wait lasts.
    package func check(
        _ target: String,
        from address: String,
        at now: Instant,
        in data: borrowing Snapshot
    ) throws {
        for key in keys(target, address) {
            guard let attempt = try AttemptStore.find(key.hash, in: data),
                attempt.freeAt > now
            else { continue }
            throw TooManyTries(freeAt: attempt.freeAt, now: now)
        }
    }

    /// Counts a wrong try.
    package func failed(
        _ target: String,
        from address: String,
        in change: borrowing Change
    ) throws {
        let forgotten = change.now.adding(seconds: -settings.forgetAfterSeconds)
        try AttemptStore.deleteAll(before: forgotten, in: change)
        for key in keys(target, address) {
            let before = try AttemptStore.find(key.hash, in: change.snapshot)?.failures ?? 0
            let failures = before + 1
            try AttemptStore.put(
                key.hash,
                failures: failures,
                freeAt: change.now.adding(seconds: wait(failures, free: key.free)),
                in: change
            )
        }
    }

    /// A right try clears the count for that target, not for the address.
    package func succeeded(
        _ target: String,
        from address: String,
        in change: borrowing Change
    ) throws {
        if let key = keys(target, address).first { try AttemptStore.delete(key.hash, in: change) }
    }

    func wait(_ failures: Int64, free: Int64) -> Int64 {
        guard failures >= free else { return 0 }
        let doublings = min(failures - free, 20)
        return min(settings.firstWaitSeconds << doublings, settings.longestWaitSeconds)
    }

    private func keys(_ target: String, _ address: String) -> [(hash: [UInt8], free: Int64)] {
        let one = HMAC.sha256(key: key, Array("try\u{0}\(target)\u{0}\(address)".utf8))
        let any = HMAC.sha256(key: key, Array("address\u{0}\(address)".utf8))
        return [(one, settings.freeTries), (any, settings.freeTriesPerAddress)]
    }
}

/// Too many wrong tries: says when to try again, and nothing about what was tried.
package struct TooManyTries: Refusal {
    package let seconds: Int

    init(freeAt: Instant, now: Instant) {
        seconds = Int((freeAt.milliseconds - now.milliseconds + 999) / 1000)
    }

    package var kind: RefusalKind { .tooMany(retryAfterSeconds: seconds) }

    package var phrase: Phrase {
        Phrase("identity.attempts.wait", ["count": .number((seconds + 59) / 60)])
    }
}
