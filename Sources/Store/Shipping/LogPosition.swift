/// A write-ahead log, told apart from any other by what SQLite wrote into its header.
struct LogIdentity: Hashable, Sendable {
    /// How often the log has begun anew.
    let restarts: UInt32
    /// Grows by one when the log begins anew.
    let count: UInt32
    /// New at random when the log begins anew.
    let mark: UInt32

    /// Whether this log can only be the one that `other` became when it began anew.
    func follows(_ other: LogIdentity) -> Bool {
        restarts == other.restarts &+ 1 && count == other.count &+ 1
    }
}

/// A place in a log, with SQLite's running checksum up to there.
struct LogPosition: Hashable, Sendable {
    let log: LogIdentity
    /// How many frames come before it.
    let frames: Int
    let checksum: UInt64

    /// Where the thread was lost, what comes next follows nothing.
    static let nowhere = LogPosition(
        log: LogIdentity(restarts: 0, count: 0, mark: 0),
        frames: 0,
        checksum: 0
    )
}
