import Glibc

extension Database {
    /// One short read of a store that nobody has open here, as it lies there. Nil where there is
    /// none.
    ///
    /// Unlike `open(forReading:)` it locks and copies nothing, so it costs little and holds nobody
    /// up. Should another process write at that moment, what it reads is old or the read fails;
    /// the store's `FileMark` has changed then.
    @discardableResult
    package static func glance<Value>(
        at path: String,
        _ body: (borrowing Snapshot) throws -> Value
    ) throws -> Value? {
        guard let mark = FileMark(of: path) else { return nil }
        let connection = try mark.hasLog ? Connection.reader(path) : Connection.resting(path)
        defer { connection.close() }
        return try connection.reading(limit: 5_000_000_000) { try body(Snapshot(connection)) }
    }
}

/// By which a store's files are known to be as they were.
package struct FileMark: Codable, Equatable, Sendable {
    private let store: Int64
    /// When its log was written last; 0 without one.
    private let log: Int64

    var hasLog: Bool { log != 0 }

    /// Nil where there is no store.
    package init?(of path: String) {
        guard let store = Self.written(path, unlessEmpty: false) else { return nil }
        self.store = store
        log = Self.written(path + "-wal", unlessEmpty: true) ?? 0
    }

    /// How long a store's file is; 0 where there is none.
    static func bytes(of path: String) -> Int {
        var found = stat()
        return unsafe stat(path, &found) == 0 ? Int(found.st_size) : 0
    }

    /// In nanoseconds since 1970.
    private static func written(_ path: String, unlessEmpty: Bool) -> Int64? {
        var found = stat()
        guard unsafe stat(path, &found) == 0, !unlessEmpty || found.st_size > 0 else { return nil }
        return Int64(found.st_mtim.tv_sec) * 1_000_000_000 + Int64(found.st_mtim.tv_nsec)
    }
}
