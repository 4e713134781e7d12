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

    let descriptor: Int32

    static let headerBytes = 32
    static let frameHeaderBytes = 24

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
        let bytes = try read(Self.frameHeaderBytes, at: Self.offset(ofFrame: number, pageSize))
        guard bytes.bigEndian32(at: 8) == log.count, bytes.bigEndian32(at: 12) == log.mark else {
            throw StoreUnavailable.ioFailure
        }
        return Frame(
            page: bytes.bigEndian32(at: 0),
            storePages: bytes.bigEndian32(at: 4),
            checksum: bytes.bigEndian64(at: 16)
        )
    }

    /// With its head.
    func bytes(ofFrame number: Int, pageSize: Int) throws -> [UInt8] {
        try read(Self.frameHeaderBytes + pageSize, at: Self.offset(ofFrame: number, pageSize))
    }

    func content(ofFrame number: Int, pageSize: Int) throws -> [UInt8] {
        try read(pageSize, at: Self.offset(ofFrame: number, pageSize) + Self.frameHeaderBytes)
    }

    private static func offset(ofFrame number: Int, _ pageSize: Int) -> Int {
        headerBytes + (number - 1) * (frameHeaderBytes + pageSize)
    }

    /// Where the log stands after so many frames.
    func position(after frames: Int) throws -> LogPosition {
        let (pageSize, log) = try header()
        guard frames > 0 else { return LogPosition(log: log, frames: 0, checksum: 0) }
        let last = try frame(frames, pageSize: pageSize, of: log)
        return LogPosition(log: log, frames: frames, checksum: last.checksum)
    }

    func read(_ count: Int, at offset: Int) throws -> [UInt8] {
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
    func bigEndian32(at offset: Int) -> UInt32 {
        self[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }

    func bigEndian64(at offset: Int) -> UInt64 {
        self[offset..<offset + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }
}
