import Glibc

/// Whether a log gives back everything that was promised to be in it.
///
/// SQLite reads a log up to the first frame that is not as it was written, and then writes over
/// the rest. After a power cut there may be such a frame: the last commit was under way, and was
/// acknowledged to nobody. But no commit is begun before the one ahead of it is on disk: where
/// another goes on from it, it was acknowledged, and something damaged it later.
extension WriteAheadLog {
    /// What is wrong with the log beside a store that nobody has open; nil if nothing is.
    static func damage(of store: String) throws -> String? {
        guard FileMark(of: store)?.hasLog == true else { return nil }
        let lost = try WriteAheadLog(of: store).lostCommits()
        return lost > 0 ? "the log is damaged: at least \(lost) commits in it are lost" : nil
    }

    private func lostCommits() throws -> Int {
        // Without a head there is no log yet.
        guard let (pageSize, log) = try? header() else { return 0 }
        var found = stat()
        guard unsafe fstat(descriptor, &found) == 0 else { throw StoreUnavailable.ioFailure }
        let count = (Int(found.st_size) - Self.headerBytes) / (Self.frameHeaderBytes + pageSize)
        var place = LogPosition(log: log, frames: 0, checksum: try headerChecksum())
        while let next = follower(of: place, pageSize), next.frames <= count { place = next }
        // What an earlier log left behind is none of this one's.
        let first = (place.frames..<max(place.frames, count)).lazy.map { $0 + 1 }
            .first { self.endsCommit($0, pageSize, log) }
        guard let first else { return 0 }
        place = try position(after: first)
        var lost = 0
        // Nor does anything of this one go on from it that a commit before it was written over.
        while let next = follower(of: place, pageSize) {
            if endsCommit(next.frames, pageSize, log) { lost += 1 }
            place = next
        }
        return lost
    }

    private func endsCommit(_ number: Int, _ pageSize: Int, _ log: LogIdentity) -> Bool {
        let frame = try? frame(number, pageSize: pageSize, of: log)
        return (frame?.storePages ?? 0) > 0
    }

    /// The place after one more frame, if that was written there after what comes before it:
    /// the checksum of each goes on from that of the last.
    private func follower(of place: LogPosition, _ pageSize: Int) -> LogPosition? {
        let number = place.frames + 1
        guard let head = try? frame(number, pageSize: pageSize, of: place.log),
            let bytes = try? bytes(ofFrame: number, pageSize: pageSize)
        else { return nil }
        var sum = LogChecksum(place.checksum)
        // Without the checksum itself, and what tells which log it is.
        sum.add(bytes, 0..<8)
        sum.add(bytes, Self.frameHeaderBytes..<bytes.count)
        guard sum.value == head.checksum else { return nil }
        return LogPosition(log: place.log, frames: number, checksum: head.checksum)
    }
}

/// SQLite's running checksum over a log, with numbers in this machine's order of bytes, as on
/// whichever wrote it.
private struct LogChecksum {
    private var first: UInt32
    private var second: UInt32

    init(_ value: UInt64) {
        first = UInt32(truncatingIfNeeded: value >> 32)
        second = UInt32(truncatingIfNeeded: value)
    }

    var value: UInt64 { UInt64(first) << 32 | UInt64(second) }

    mutating func add(_ bytes: [UInt8], _ range: Range<Int>) {
        unsafe bytes.withUnsafeBytes { bytes in
            for place in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
                first &+= unsafe bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)
                first &+= second
                second &+= unsafe bytes.loadUnaligned(fromByteOffset: place + 4, as: UInt32.self)
                second &+= first
            }
        }
    }
}
