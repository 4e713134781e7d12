import Basics

/// How often something that fails is tried again, and when. Each pause is longer than the one
/// before, and none is exact, so that what failed together does not come back together.
package struct Retries: Sendable {
    let attempts: Int
    let firstPauseSeconds: Int64
    let factor: Int64
    let longestPauseSeconds: Int64

    package init(
        attempts: Int,
        firstPauseSeconds: Int64,
        factor: Int64,
        longestPauseSeconds: Int64
    ) {
        precondition(attempts > 0 && firstPauseSeconds > 0 && factor > 0)
        self.attempts = attempts
        self.firstPauseSeconds = firstPauseSeconds
        self.factor = factor
        self.longestPauseSeconds = longestPauseSeconds
    }

    /// About eight hours, so that a mail server may be away for an afternoon.
    package static let ofJobs = Retries(
        attempts: 14,
        firstPauseSeconds: 10,
        factor: 3,
        longestPauseSeconds: 3600
    )

    /// About four minutes, since the events after it wait.
    package static let ofEvents = Retries(
        attempts: 8,
        firstPauseSeconds: 2,
        factor: 2,
        longestPauseSeconds: 120
    )

    /// When to try again after so many attempts; nil when that was the last.
    func next(after attempts: Int, at now: Instant, _ random: RandomSource) -> Instant? {
        guard attempts < self.attempts else { return nil }
        var pause = firstPauseSeconds
        for _ in 1..<max(1, attempts) where pause < longestPauseSeconds { pause *= factor }
        pause = min(pause, longestPauseSeconds)
        // Between one half and one and a half of it.
        let jitter = Int64(random.number(below: Int(pause) * 1000)) - pause * 500
        return Instant(milliseconds: now.milliseconds + pause * 1000 + jitter)
    }
}
