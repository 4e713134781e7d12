import Glibc

/// SQLite reads a log up to the first frame that is not as it was written, and then writes over
/// the rest. After a power cut there may be such a frame: the last commit was under way, and was
/// acknowledged to nobody. But no commit is begun before the one ahead of it is on disk: where
/// another goes on from it, it was acknowledged, and something damaged it later.
///
/// A header is on disk before anything is written behind it. One that is not as it was written
/// has been damaged, or was being written over, since the log began anew; only then is everything
/// behind it in the store's file.
extension WriteAheadLog {
    /// What is wrong with the log beside a store that nobody has open; nil if nothing is missed.
    static func damage(of store: String) throws -> LogDamage? {
        guard FileMark(of: store)?.hasLog == true else { return nil }
        return try WriteAheadLog(of: store).damage(store)
    }

    /// Writes the header of such a log anew, if it is damaged and what is behind it tells it.
    static func mendHeader(of store: String) throws {
        guard FileMark(of: store)?.hasLog == true else { return }
        let log = try WriteAheadLog(of: store)
        guard log.writtenHeader == nil, let header = log.toldHeader else { return }
        let file = unsafe open(store + "-wal", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { throw StoreUnavailable.ioFailure }
        defer { close(file) }
        let done = unsafe header.bytes.withUnsafeBytes {
            unsafe pwrite(file, $0.baseAddress, $0.count, 0)
        }
        guard done == headerBytes, fdatasync(file) == 0 else { throw StoreUnavailable.ioFailure }
    }

    private var writtenHeader: LogHeader? {
        (try? read(Self.headerBytes, at: 0)).flatMap { LogHeader($0) }
    }

    private var toldHeader: LogHeader? {
        for pageSize in LogHeader.pageSizes {
            guard let frame = try? bytes(ofFrame: 1, pageSize: pageSize) else { return nil }
            for isBigEndian in [false, true] {
                if let header = LogHeader(before: frame, isBigEndian: isBigEndian) {
                    return header
                }
            }
        }
        return nil
    }

    private func damage(_ store: String) throws -> LogDamage? {
        let written = writtenHeader
        guard let header = written ?? toldHeader else { return try isBlank() ? nil : .beginning }
        var place = LogPosition(log: header.log, frames: 0, checksum: header.checksum)
        while let next = follower(of: place, header) { place = next }
        let lost = try lostCommits(after: place, header)
        guard lost == 0 else { return .lost(atLeast: lost) }
        guard written == nil else { return nil }
        let ends = (0..<place.frames).map { $0 + 1 }.filter { endsCommit($0, header) }
        guard let last = ends.last, try !isCopied(upTo: last, header, into: store) else {
            return nil
        }
        return .header(commits: ends.count)
    }

    /// Whether nothing was written behind the header.
    private func isBlank() throws -> Bool {
        let size = try size()
        for start in stride(from: Self.headerBytes, to: size, by: 1 << 16) {
            let bytes = try read(min(size - start, 1 << 16), at: start)
            guard bytes.allSatisfy({ $0 == 0 }) else { return false }
        }
        return true
    }

    private func lostCommits(after place: LogPosition, _ header: LogHeader) throws -> Int {
        let count = (try size() - Self.headerBytes) / (Self.frameHeaderBytes + header.pageSize)
        // What an earlier log left behind is none of this one's.
        let first = (place.frames..<max(place.frames, count)).lazy.map { $0 + 1 }
            .first { self.endsCommit($0, header) }
        guard let first else { return 0 }
        let frame = try frame(first, pageSize: header.pageSize, of: header.log)
        var place = LogPosition(log: header.log, frames: first, checksum: frame.checksum)
        var lost = 0
        // Nor does anything of this one go on from it that a commit before it was written over.
        while let next = follower(of: place, header) {
            if endsCommit(next.frames, header) { lost += 1 }
            place = next
        }
        return lost
    }

    /// Whether the store's file has everything already that is in so many frames.
    private func isCopied(upTo last: Int, _ header: LogHeader, into store: String) throws -> Bool {
        var latest: [UInt32: Int] = [:]
        for number in 1...last {
            let frame = try frame(number, pageSize: header.pageSize, of: header.log)
            latest[frame.page] = number
        }
        let end = try frame(last, pageSize: header.pageSize, of: header.log).storePages
        let pages = try StorePages(store, pageSize: header.pageSize)
        return try latest.allSatisfy { page, number in
            guard page <= end else { return true }
            guard page <= pages.count else { return false }
            let content = try content(ofFrame: number, pageSize: header.pageSize)
            return try pages.page(Int(page) - 1) == content
        }
    }

    private func size() throws -> Int {
        var found = stat()
        guard unsafe fstat(descriptor, &found) == 0 else { throw StoreUnavailable.ioFailure }
        return Int(found.st_size)
    }

    private func endsCommit(_ number: Int, _ header: LogHeader) -> Bool {
        let frame = try? frame(number, pageSize: header.pageSize, of: header.log)
        return (frame?.storePages ?? 0) > 0
    }

    /// The place after one more frame, if that was written there after what comes before it:
    /// the checksum of each goes on from that of the last.
    private func follower(of place: LogPosition, _ header: LogHeader) -> LogPosition? {
        let number = place.frames + 1
        guard let head = try? frame(number, pageSize: header.pageSize, of: place.log),
            let bytes = try? bytes(ofFrame: number, pageSize: header.pageSize)
        else { return nil }
        var sum = LogChecksum(place.checksum, isBigEndian: header.isBigEndian)
        // Without the checksum itself, and what tells which log it is.
        sum.add(bytes, 0..<8)
        sum.add(bytes, Self.frameHeaderBytes..<bytes.count)
        guard sum.value == head.checksum else { return nil }
        return LogPosition(log: place.log, frames: number, checksum: head.checksum)
    }
}
