import Basics
import Synchronization

/// What the shipper has been told by those who may not wait, and tells them. Held only for moments.
final class ShippingBacklog: Sendable {
    private let contents = Mutex(Contents())

    func withLock<Result: Sendable>(_ body: (inout Contents) -> Result) -> Result {
        contents.withLock { body(&$0) }
    }

    /// What takes long asks now and then whether it is still wanted.
    func requireOpen() throws {
        guard !withLock({ $0.isClosed }) else { throw StoreUnavailable.closed }
    }
}

extension ShippingBacklog {
    struct Commit: Sendable {
        /// How far the log goes after it.
        let frames: Int
        let time: Instant
    }

    struct Contents: Sendable {
        /// Commits that have not been shipped. Beyond a certain number two become one, so that
        /// under load only the times to which one can go back lie a little further apart.
        private(set) var commits: [Commit] = []
        /// Since when something waits.
        private(set) var waitingSince: Instant?
        /// Since when what is shipped leads nowhere: there is no base, or a gap after it.
        var adriftSince: Instant?
        /// The writer has made a checkpoint though not everything was shipped.
        var isCut = false
        var isScheduled = false
        var isClosed = false
        var trouble: String?
        /// And not yet that it has ended.
        var isTroubleTold = false
        var baseTrouble: String?
        /// The last time anything was told.
        private(set) var now = Instant(milliseconds: 0)
        var sequence: Int64 = 0
        var time = Instant(milliseconds: 0)
        var lastBase: Instant?

        private static let mostCommits = 256

        mutating func add(frames: Int, at now: Instant) {
            self.now = now
            if waitingSince == nil { waitingSince = now }
            if commits.count >= Self.mostCommits {
                commits = stride(from: 1, to: commits.count, by: 2).map { commits[$0] }
            }
            commits.append(Commit(frames: frames, time: now))
        }

        /// What was waiting is shipped, up to there; or there is no use in shipping it.
        mutating func take(upTo frames: Int) {
            // After a cut the numbers are those of another log.
            guard !isCut else { return }
            commits.removeAll { $0.frames <= frames }
            waitingSince = commits.first?.time
        }

        mutating func clear() {
            commits.removeAll()
            waitingSince = nil
        }

        mutating func drift(since now: Instant?) {
            if adriftSince == nil { adriftSince = now }
        }

        /// True if nothing has been, so that whoever asks does it.
        mutating func schedules() -> Bool {
            defer { isScheduled = true }
            return !isScheduled
        }

        var behindSince: Instant? {
            guard let adriftSince, let waitingSince else { return adriftSince ?? waitingSince }
            return min(adriftSince, waitingSince)
        }
    }
}
