/// What is told of a disk that takes no changes: one line when that begins, one a minute at most
/// while it lasts, and one when it has ended.
struct DiskTrouble {
    private static let quietNanoseconds: UInt64 = 60_000_000_000

    /// The last batch failed for the disk, and none was made durable since.
    private(set) var isLasting = false
    private var isTold = false
    private var lastTold: UInt64?

    /// A line to be told, if it is time for one.
    mutating func failed(_ what: String, at now: UInt64) -> String? {
        isLasting = true
        if let lastTold, now - lastTold < Self.quietNanoseconds { return nil }
        lastTold = now
        isTold = true
        return "changes cannot be written and are answered 503: \(what)"
    }

    mutating func ended() -> String? {
        isLasting = false
        defer { isTold = false }
        return isTold ? "changes are written again" : nil
    }
}

extension StoreUnavailable {
    /// It may go on until somebody looks at the disk.
    package var isOfDisk: Bool { [.diskFull, .readOnly, .ioFailure].contains(self) }
}

extension Database {
    /// True while changes fail for the disk. Reading goes on.
    package var isInTrouble: Bool { serving?.writer.isInTrouble ?? false }

    /// Tries, without waiting, a commit that changes nothing: once the disk is well, the trouble
    /// ends without anybody who changes something.
    package func tryDisk() {
        let job = Job(
            work: .change { try $0.snapshot.connection.commitNothing() },
            answer: { _ in }
        )
        serving?.writer.submit([job])
    }
}
