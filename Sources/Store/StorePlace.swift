import Glibc
import Synchronization

/// Where the store was opened. A file that is open stays what it is when it is moved away, removed
/// or replaced: what is written to it then is on no path where anybody looks for it.
final class StorePlace: Sendable {
    private let path: String
    private let store: FileIdentity?
    /// Nil until SQLite has made it, with the first commit at the latest.
    private let log: Mutex<FileIdentity?>

    /// `store` as it was before SQLite opened it: one that was replaced meanwhile is another.
    init(of path: String, store: FileIdentity?) {
        self.path = path
        self.store = store
        log = Mutex(FileIdentity(of: path + "-wal"))
    }

    /// Whether the files at the path are those that were opened.
    var isKept: Bool {
        guard Self.isKept(store, at: path) else { return false }
        return log.withLock { log in
            if let log { return Self.isKept(log, at: path + "-wal") }
            log = FileIdentity(of: path + "-wal")
            return true
        }
    }

    var suspicion: String {
        "\(path) is no longer the file that was opened: it was moved, removed or replaced while "
            + "it was open, and what was written to it since is not here"
    }

    private static func isKept(_ opened: FileIdentity?, at path: String) -> Bool {
        guard let opened else { return true }
        var found = stat()
        guard unsafe stat(path, &found) == 0 else {
            // Whatever else keeps us from looking, the file may be there.
            return ![ENOENT, ENOTDIR].contains(errno)
        }
        return FileIdentity(found) == opened
    }
}

/// By which a file is the same one, whatever it is called and holds.
struct FileIdentity: Equatable, Sendable {
    private let device: UInt64
    private let file: UInt64

    /// Nil if there is none.
    init?(of path: String) {
        var found = stat()
        guard unsafe stat(path, &found) == 0 else { return nil }
        self.init(found)
    }

    init(_ found: stat) {
        device = UInt64(found.st_dev)
        file = UInt64(found.st_ino)
    }
}

extension Database {
    /// Whether nothing is in a file of a store, or there is none. A full disk leaves an empty one.
    package static func isMissing(_ path: String) -> Bool {
        var found = stat()
        return unsafe stat(path, &found) != 0 || found.st_size == 0
    }
}
