import CLinux
import CSQLite
import Glibc

/// The settings each kind of connection is opened with.
extension Connection {
    /// The only connection that writes and makes checkpoints. The file has been made.
    static func writer(
        _ path: String,
        durable: Bool,
        fileSystem: String? = nil
    ) throws -> Connection {
        let connection = try Connection(
            path: path,
            flags: SQLITE_OPEN_READWRITE,
            fileSystem: fileSystem
        )
        try connection.control("PRAGMA busy_timeout = 5000")
        try connection.requireOurs(path)
        if try connection.integer("PRAGMA application_id") == 0 {
            try connection.control("PRAGMA application_id = 1265202280")
        }
        try connection.control("PRAGMA journal_mode = WAL")
        if durable {
            try connection.control("PRAGMA synchronous = FULL")
        } else {
            try connection.control("PRAGMA synchronous = OFF")
        }
        try connection.control("PRAGMA wal_autocheckpoint = 0")
        try connection.control("PRAGMA journal_size_limit = 67108864")
        try connection.control("PRAGMA secure_delete = ON")
        // Without it INSERT OR REPLACE takes a row away behind the back of its DELETE triggers,
        // and append-only tables would not be.
        try connection.control("PRAGMA recursive_triggers = ON")
        try connection.applyCommonSettings()
        connection.watchLog()
        return connection
    }

    /// With a second folder the log is kept when the store is closed, since the next process goes
    /// on from it.
    func beginShipping() throws {
        try keepLog()
        // So that SQLite tells how far the log goes.
        try commitNothing()
    }

    /// A commit, or a part of one, that writes and changes nothing.
    func commitNothing() throws {
        try script("PRAGMA user_version = \(try integer("PRAGMA user_version"))")
    }

    /// What the log holds stays in it when this connection is closed.
    func keepLog() throws {
        try configure(SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
    }

    static func reader(
        _ path: String,
        fileSystem: String? = nil,
        damage: Damage? = nil
    ) throws -> Connection {
        let connection = try Connection(
            path: path,
            flags: SQLITE_OPEN_READONLY,
            fileSystem: fileSystem
        )
        do {
            try connection.prepareToRead(path)
        } catch {
            if let what = connection.suspicion { damage?.note(what) }
            throw error
        }
        return connection
    }

    /// For a file without a log that nobody writes to: no other file is made beside it.
    static func resting(_ path: String) throws -> Connection {
        let connection = try Connection(
            path: "file:\(escaped(path))?immutable=1",
            flags: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
        )
        try connection.prepareToRead(path)
        return connection
    }

    private func prepareToRead(_ path: String) throws {
        try control("PRAGMA busy_timeout = 5000")
        try requireOurs(path)
        try control("PRAGMA query_only = ON")
        try control("PRAGMA wal_autocheckpoint = 0")
        try keepLog()
        try applyCommonSettings()
    }

    func limitCache(kilobytes: Int) throws {
        try script("PRAGMA cache_size = -\(kilobytes)")
    }

    private func applyCommonSettings() throws {
        try control("PRAGMA foreign_keys = ON")
        try control("PRAGMA trusted_schema = OFF")
        try control("PRAGMA cell_size_check = ON")
        try control("PRAGMA temp_store = MEMORY")
        try control("PRAGMA mmap_size = 0")
        try control("PRAGMA cache_size = -8000")
        try configure(SQLITE_DBCONFIG_DEFENSIVE, 1)
        // A plan does not depend on what is bound: else each new value could make a new plan.
        try configure(SQLITE_DBCONFIG_ENABLE_QPSG, 1)
        try configure(SQLITE_DBCONFIG_DQS_DML, 0)
        try configure(SQLITE_DBCONFIG_DQS_DDL, 0)
        unsafe sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, 64 << 20)
        unsafe sqlite3_limit(handle, SQLITE_LIMIT_SQL_LENGTH, 200_000)
        unsafe sqlite3_limit(handle, SQLITE_LIMIT_EXPR_DEPTH, 100)
        unsafe sqlite3_limit(handle, SQLITE_LIMIT_COMPOUND_SELECT, 50)
        unsafe sqlite3_limit(handle, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 200)
        unsafe sqlite3_limit(handle, SQLITE_LIMIT_TRIGGER_DEPTH, 10)
        unsafe sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0)
    }

    private func configure(_ option: Int32, _ value: Int32) throws {
        let code = unsafe kith_sqlite3_db_config(handle, option, value)
        guard code == SQLITE_OK else { throw error(code, in: "(configuration)") }
    }

    /// Another program's database must not become a store by accident.
    private func requireOurs(_ path: String) throws {
        do {
            let mark = try integer("PRAGMA application_id")
            let tables = try integer("SELECT count(*) FROM sqlite_schema")
            guard mark == Int64(Store.applicationID) || (mark == 0 && tables == 0) else {
                throw StoreRefusedToOpen(description: "\(path) is not a Kith store")
            }
        } catch StoreUnavailable.suspect {
            throw StoreRefusedToOpen(description: "\(path) is not a database, or it is damaged")
        }
    }

    func integer(_ sql: SQL) throws -> Int64 {
        try with(sql, .control) { running in
            guard try running.step() else { return 0 }
            return try running.row[0]
        }
    }
}

/// The file is made before SQLite opens it, readable by nobody else; SQLite gives its companions
/// the same permissions.
func createPrivately(_ path: String) throws {
    let descriptor = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
        let reason = unsafe String(cString: strerror(errno))
        throw StoreRefusedToOpen(description: "\(path) cannot be opened: \(reason)")
    }
    defer { close(descriptor) }
    try refuseNetworkFileSystem(descriptor, path)
}

/// The write-ahead log needs memory shared between its users, which a network share only pretends
/// to have.
private func refuseNetworkFileSystem(_ descriptor: Int32, _ path: String) throws {
    // NFS, SMB, CIFS, SMB2, AFS, Coda: from statfs(2).
    let shares: [UInt32] = [
        0x6969, 0x517B, 0xFF53_4D42, 0xFE53_4D42, 0x5346_414F, 0x7375_7245,
    ]
    guard !shares.contains(kith_file_system(descriptor)) else {
        throw StoreRefusedToOpen(
            description: "\(path) is on a network share; a store needs a disk of this machine"
        )
    }
}

/// A path inside a URI.
private func escaped(_ path: String) -> String {
    path.utf8.map { byte in
        let isPlain =
            (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte)
            || (0x2D...0x39).contains(byte) || byte == 0x5F
        guard !isPlain else { return String(UnicodeScalar(byte)) }
        return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
}
