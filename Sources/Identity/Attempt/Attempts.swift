package import Basics
import Crypto
import HTTPServer
package import Store

/// Slows the guessing of passwords and codes: a few tries are free, then each wrong one doubles
/// the wait. Counted per what is guessed at *and* where from, so that nobody can lock another
/// person out; and per address alone with a wider allowance, which comes back by and by, since
/// many people may share an address. Of IPv6 the network counts, not the single address.
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

    private struct Counted {
        let hash: [UInt8]
        let free: Int64
        /// After so long one wrong try is forgotten; nil where only a pause forgets them all.
        let fadesAfterSeconds: Int64?
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
            let before = try AttemptStore.find(key.hash, in: change.snapshot)
            let faded = faded(before, key, at: change.now)
            let failures = faded.failures + 1
            try AttemptStore.put(
                key.hash,
                failures: failures,
                countedAt: faded.until,
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

    /// What is left of earlier tries, and up to when the fading has been counted.
    private func faded(
        _ attempt: Attempt?,
        _ key: Counted,
        at now: Instant
    ) -> (failures: Int64, until: Instant) {
        guard let attempt else { return (0, now) }
        guard let seconds = key.fadesAfterSeconds else { return (attempt.failures, now) }
        let passed = (now.milliseconds - attempt.lastAt.milliseconds) / 1000 / seconds
        guard passed > 0 else { return (attempt.failures, attempt.lastAt) }
        guard passed < attempt.failures else { return (0, now) }
        return (attempt.failures - passed, attempt.lastAt.adding(seconds: passed * seconds))
    }

    private func keys(_ target: String, _ address: String) -> [Counted] {
        let network = AddressRange.network(of: address)
        let one = HMAC.sha256(key: key, Array("try\u{0}\(target)\u{0}".utf8) + network)
        let any = HMAC.sha256(key: key, Array("address\u{0}".utf8) + network)
        return [
            Counted(hash: one, free: settings.freeTries, fadesAfterSeconds: nil),
            Counted(
                hash: any,
                free: settings.freeTriesPerAddress,
                fadesAfterSeconds: settings.forgetAfterSeconds / settings.freeTriesPerAddress
            ),
        ]
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
