import CSQLite

extension Database {
    /// Writes a consistent copy of the store, as it is at this moment, to a new file that belongs
    /// to nobody else. Changes go on meanwhile and are not in it.
    package func backup(to path: String) throws {
        try reading { connection in try connection.copy(to: path) }
    }
}

extension Connection {
    /// The copy is one file without a log, and durable when this returns. Called in a transaction.
    func copy(to path: String, whileTrue mayGoOn: () throws -> Void = {}) throws {
        precondition(inTransaction)
        // A transaction has its snapshot only from its first question on. Without one each step
        // would take a newer, and a change in between would begin the copy anew, for ever.
        _ = try integer("SELECT count(*) FROM sqlite_schema")
        try createPrivately(path)
        let target = try Connection(path: path, flags: SQLITE_OPEN_READWRITE)
        let backup = unsafe sqlite3_backup_init(target.handle, "main", handle, "main")
        guard let backup = unsafe backup else {
            throw unsafe target.error(sqlite3_errcode(target.handle), in: "(backup)")
        }
        var stepped = SQLITE_OK
        do {
            while stepped == SQLITE_OK {
                stepped = unsafe sqlite3_backup_step(backup, 4096)
                try mayGoOn()
            }
        } catch {
            unsafe sqlite3_backup_finish(backup)
            throw error
        }
        let finished = unsafe sqlite3_backup_finish(backup)
        guard stepped == SQLITE_DONE, finished == SQLITE_OK else {
            throw target.error(finished == SQLITE_OK ? stepped : finished, in: "(backup)")
        }
        try target.control("PRAGMA synchronous = FULL")
        try target.control("PRAGMA journal_mode = DELETE")
        target.close()
        try flushToDisk(path)
    }
}
