import CSQLite

/// One connection to the file, with its prepared statements.
///
/// `@unchecked Sendable`: it moves between threads, and only one holds it at a time. A reader's
/// guard is the pool (`Readers`), or the round of the thread that took it from there (`Round`); the
/// writer's is the turn in the line (`Writer`).
@safe
final class Connection: @unchecked Sendable {
    let handle: OpaquePointer
    private var statements: [[SQL.Piece]: Statement] = [:]
    private var uses: UInt64 = 0
    /// When a read must be over, on the monotonic clock, in nanoseconds; 0 is never. Read by
    /// SQLite's progress handler, so it has an address of its own.
    private let deadline: UnsafeMutablePointer<UInt64>
    /// How many pages the write-ahead log held after the last commit of this connection, and how
    /// many commits there were.
    private let logPages: UnsafeMutablePointer<(pages: Int32, commits: Int)>
    /// The connection this thread worked with before it took this one; see `Held`.
    var outer: Connection?
    /// Whose connection it is, while a thread holds it.
    var heldFor: ObjectIdentifier?
    /// Set on the writer's connection only.
    var turn: Turn?
    /// What was asked already, while a reading lasts; see `Snapshot.once`.
    private(set) var answers: Answers?
    private(set) var isClosed = false
    /// The first error after which nothing more may be written; see `SQLiteError`.
    private(set) var suspicion: String?
    /// What the disk refused last; see `SQLiteError`.
    private var trouble: String?

    /// Beyond this many, the statement used longest ago is forgotten.
    private static let statementLimit = 400

    init(path: String, flags: Int32, fileSystem: String? = nil) throws {
        _ = Connection.once
        var opened: OpaquePointer?
        let code = unsafe sqlite3_open_v2(path, &opened, flags | SQLITE_OPEN_NOMUTEX, fileSystem)
        guard code == SQLITE_OK, let handle = unsafe opened else {
            let error = unsafe SQLiteError(opened, code: code)
            unsafe sqlite3_close_v2(opened)
            throw StoreRefusedToOpen(
                description: "\(path) cannot be opened: \(error.message)"
            )
        }
        unsafe self.handle = handle
        unsafe deadline = .allocate(capacity: 1)
        unsafe deadline.initialize(to: 0)
        unsafe logPages = .allocate(capacity: 1)
        unsafe logPages.initialize(to: (0, 0))
        unsafe sqlite3_extended_result_codes(handle, 1)
        unsafe sqlite3_progress_handler(
            handle,
            20_000,
            { deadline in
                guard let deadline = unsafe deadline?.assumingMemoryBound(to: UInt64.self)
                else { return 0 }
                let limit = unsafe deadline.pointee
                return limit != 0 && Monotonic.nanoseconds >= limit ? 1 : 0
            },
            deadline
        )
    }

    deinit {
        close()
        unsafe deadline.deallocate()
        unsafe logPages.deallocate()
    }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        statements.removeAll()
        unsafe sqlite3_close_v2(handle)
    }

    /// From here on `pagesInLog` is kept, and SQLite makes no checkpoint by itself.
    func watchLog() {
        unsafe sqlite3_wal_hook(
            handle,
            { log, _, _, pages in
                let log = unsafe log?.assumingMemoryBound(to: (pages: Int32, commits: Int).self)
                unsafe log?.pointee.pages = pages
                unsafe log?.pointee.commits += 1
                return SQLITE_OK
            },
            logPages
        )
    }

    var pagesInLog: Int { unsafe Int(logPages.pointee.pages) }

    var commits: Int { unsafe logPages.pointee.commits }

    func setDeadline(_ nanoseconds: UInt64) {
        unsafe deadline.pointee = nanoseconds
    }

    var inTransaction: Bool { unsafe sqlite3_get_autocommit(handle) == 0 }

    /// Counting memory takes a lock shared by all connections, and nobody reads the count; and no
    /// connection is ever used by two threads at once.
    private static let once: Int32 = kith_sqlite3_prepare_process()
}

extension Connection {
    /// The statement prepared and bound, for as long as `body` runs.
    func with<Result>(
        _ sql: SQL,
        _ use: Statement.Use,
        _ body: (borrowing Running) throws -> Result
    ) throws -> Result {
        let statement = try statement(for: sql, use)
        statement.isRunning = true
        defer {
            statement.reset()
            statement.isRunning = false
        }
        try statement.bind(sql.values)
        return try body(Running(statement))
    }

    /// Runs one of the store's own statements: BEGIN, COMMIT, SAVEPOINT, PRAGMA.
    func control(_ sql: SQL) throws {
        try with(sql, .control) { running in
            while try running.step() {}
        }
    }

    /// Runs a whole file of statements, as a migration is.
    func script(_ text: String) throws {
        let code = unsafe sqlite3_exec(handle, text, nil, nil, nil)
        guard code == SQLITE_OK else { throw error(code, in: "(script)") }
    }

    func error(_ code: Int32, in sql: String) -> any Error {
        let failure = unsafe SQLiteError(handle, code: code)
        if failure.makesSuspect { distrust(failure.suspicion) }
        let error = failure.error(sql: sql)
        if (error as? StoreUnavailable)?.isOfDisk == true { trouble = failure.trouble }
        return error
    }

    func takeTrouble() -> String? { trouble.take() }

    func distrust(_ reason: String) {
        if suspicion == nil { suspicion = reason }
    }

    private func statement(for sql: SQL, _ use: Statement.Use) throws -> Statement {
        uses += 1
        if let known = statements[sql.pieces], !known.isRunning {
            known.lastUse = uses
            try known.allow(use)
            return known
        }
        let fresh = try Statement(sql.text, on: self)
        try fresh.allow(use)
        fresh.lastUse = uses
        // The same statement inside its own loop gets a second copy, which is not kept.
        guard statements[sql.pieces] == nil else { return fresh }
        if statements.count >= Self.statementLimit { forgetOldest() }
        statements[sql.pieces] = fresh
        return fresh
    }

    /// What has been asked on it and is kept prepared.
    var texts: [String] { statements.values.map(\.text) }

    private func forgetOldest() {
        let idle = statements.filter { !$0.value.isRunning }
        guard let oldest = idle.min(by: { $0.value.lastUse < $1.value.lastUse }) else { return }
        statements[oldest.key] = nil
    }
}

extension Connection {
    /// A snapshot may be taken on it as it stands: it is a reader in its transaction, or the
    /// writer inside a change.
    var isReadable: Bool { turn?.isOpen ?? true }

    /// One consistent read, over when `limit` has passed.
    func reading<Result>(limit: UInt64, _ body: () throws -> Result) throws -> Result {
        try control("BEGIN")
        do {
            let result = try asking(limit: limit, body)
            try control("COMMIT")
            return result
        } catch {
            if inTransaction { try control("ROLLBACK") }
            throw error
        }
    }

    /// What is asked within a transaction for one purpose.
    func asking<Result>(limit: UInt64, _ body: () throws -> Result) throws -> Result {
        setDeadline(Monotonic.nanoseconds + limit)
        answers = Answers()
        defer {
            answers = nil
            setDeadline(0)
        }
        return try body()
    }

    /// Copies what it can of the log into the file.
    func checkpoint(_ mode: Int32) throws {
        // Waiting for readers to finish holds up everybody, so it is not done for long.
        unsafe sqlite3_busy_timeout(handle, 100)
        defer { unsafe sqlite3_busy_timeout(handle, 5000) }
        let code = unsafe sqlite3_wal_checkpoint_v2(handle, nil, mode, nil, nil)
        // A reader in the way is no error: the rest is copied the next time.
        guard code == SQLITE_OK || code == SQLITE_BUSY else {
            throw error(code, in: "(checkpoint)")
        }
    }

    /// A deferred foreign key that is still open would make the whole batch fail at its commit.
    func requireForeignKeys() throws {
        var open: Int32 = 0
        var highest: Int32 = 0
        unsafe sqlite3_db_status(handle, SQLITE_DBSTATUS_DEFERRED_FKS, &open, &highest, 0)
        guard open == 0 else {
            throw ConstraintFailure(kind: .foreignKey, detail: "a deferred foreign key")
        }
    }
}
