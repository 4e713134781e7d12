import Glibc

/// Reads SQLite's write-ahead log, as its file format describes it: a header, then frames, each a
/// page and what page it is. Only frames that SQLite has told of as committed are asked for.
final class WriteAheadLog: Sendable {
    struct Frame: Sendable {
        let page: UInt32
        /// The store's size in pages after the commit this frame ends; 0 if it ends none.
        let storePages: UInt32
        let checksum: UInt64
    }

    private let descriptor: Int32

    private static let headerBytes = 32
    private static let frameHeaderBytes = 24

    /// Opening and closing this file takes no lock from SQLite, which holds none on it.
    init(of path: String) throws {
        descriptor = unsafe Glibc.open(path + "-wal", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StoreUnavailable.ioFailure }
    }

    deinit {
        close(descriptor)
    }

    /// The page size, and which log it now is.
    func header() throws -> (pageSize: Int, log: LogIdentity) {
        let bytes = try read(Self.headerBytes, at: 0)
        let magic = bytes.bigEndian32(at: 0)
        guard magic & 0xFFFF_FFFE == 0x377F_0682 else { throw StoreUnavailable.ioFailure }
        let log = LogIdentity(
            restarts: bytes.bigEndian32(at: 12),
            count: bytes.bigEndian32(at: 16),
            mark: bytes.bigEndian32(at: 20)
        )
        return (Int(bytes.bigEndian32(at: 8)), log)
    }

    func frame(_ number: Int, pageSize: Int, of log: LogIdentity) throws -> Frame {
        let offset = Self.headerBytes + (number - 1) * (Self.frameHeaderBytes + pageSize)
        let bytes = try read(Self.frameHeaderBytes, at: offset)
        guard bytes.bigEndian32(at: 8) == log.count, bytes.bigEndian32(at: 12) == log.mark else {
            throw StoreUnavailable.ioFailure
        }
        return Frame(
            page: bytes.bigEndian32(at: 0),
            storePages: bytes.bigEndian32(at: 4),
            checksum: bytes.bigEndian64(at: 16)
        )
    }

    /// The frames that end a commit of this log, as far as the file goes: also those that SQLite no
    /// longer reads, since one before them is damaged.
    func commits() throws -> [Int] {
        let (pageSize, log) = try header()
        var found = stat()
        guard unsafe fstat(descriptor, &found) == 0 else { throw StoreUnavailable.ioFailure }
        let count =
            (Int(found.st_size) - Self.headerBytes) / (Self.frameHeaderBytes + max(1, pageSize))
        return (0..<max(0, count)).map { $0 + 1 }.filter { number in
            // What is left of an earlier log is not of this one.
            let frame = try? frame(number, pageSize: pageSize, of: log)
            return (frame?.storePages ?? 0) > 0
        }
    }

    func content(ofFrame number: Int, pageSize: Int) throws -> [UInt8] {
        let offset =
            Self.headerBytes + (number - 1) * (Self.frameHeaderBytes + pageSize)
            + Self.frameHeaderBytes
        return try read(pageSize, at: offset)
    }

    /// Where the log stands after so many frames.
    func position(after frames: Int) throws -> LogPosition {
        let (pageSize, log) = try header()
        guard frames > 0 else { return LogPosition(log: log, frames: 0, checksum: 0) }
        let last = try frame(frames, pageSize: pageSize, of: log)
        return LogPosition(log: log, frames: frames, checksum: last.checksum)
    }

    private func read(_ count: Int, at offset: Int) throws -> [UInt8] {
        try unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let start = unsafe buffer.baseAddress.map { unsafe $0 + filled }
                let done = unsafe pread(descriptor, start, count - filled, offset + filled)
                if done < 0, errno == EINTR { continue }
                guard done > 0 else { throw StoreUnavailable.ioFailure }
                filled += done
            }
        }
    }
}

extension [UInt8] {
    fileprivate func bigEndian32(at offset: Int) -> UInt32 {
        self[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }

    fileprivate func bigEndian64(at offset: Int) -> UInt64 {
        self[offset..<offset + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }
}
