import CSQLite

/// A prepared statement. It belongs to its connection and lives no longer.
@safe
final class Statement {
    /// What the caller may do with it: reading cannot write, and nobody but the store itself
    /// begins or ends a transaction.
    enum Use {
        case reading
        case writing
        case control
    }

    private let handle: OpaquePointer
    private unowned let connection: Connection
    let text: String
    private let columns: Int
    private let places: Int
    private let reads: Bool
    var isRunning = false
    var lastUse: UInt64 = 0

    init(_ text: String, on connection: Connection) throws {
        var prepared: OpaquePointer?
        var length = 0
        let code = unsafe text.withCString { start in
            var tail: UnsafePointer<CChar>?
            let code = unsafe sqlite3_prepare_v3(
                connection.handle,
                start,
                -1,
                UInt32(SQLITE_PREPARE_PERSISTENT),
                &prepared,
                &tail
            )
            if let tail = unsafe tail { length = unsafe tail - start }
            return code
        }
        guard code == SQLITE_OK else {
            throw connection.error(code, in: text)
        }
        guard let handle = unsafe prepared,
            text.utf8.dropFirst(length).allSatisfy({ $0 == 0x20 || $0 == 0x0A || $0 == 0x3B })
        else {
            unsafe sqlite3_finalize(prepared)
            throw StoreFault(code: SQLITE_MISUSE, message: "not one statement", sql: text)
        }
        unsafe self.handle = handle
        self.connection = connection
        self.text = text
        columns = unsafe Int(sqlite3_column_count(handle))
        places = unsafe Int(sqlite3_bind_parameter_count(handle))
        reads = unsafe sqlite3_stmt_readonly(handle) != 0
    }

    deinit {
        unsafe sqlite3_finalize(handle)
    }

    func allow(_ use: Use) throws {
        switch use {
        case .reading where reads && columns > 0, .writing where !reads, .control: return
        case .reading:
            throw StoreFault(code: SQLITE_MISUSE, message: "a snapshot only reads", sql: text)
        case .writing:
            throw StoreFault(code: SQLITE_MISUSE, message: "this writes nothing", sql: text)
        }
    }

    func bind(_ values: [SQLValue]) throws {
        precondition(values.count == places)
        for (index, value) in values.enumerated() {
            let place = Int32(index + 1)
            let code =
                switch value {
                case .null: unsafe sqlite3_bind_null(handle, place)
                case .integer(let number): unsafe sqlite3_bind_int64(handle, place, number)
                case .real(let number): unsafe sqlite3_bind_double(handle, place, number)
                case .text(let text): bind(text, place)
                case .blob(let bytes): bind(bytes, place)
                }
            guard code == SQLITE_OK else { throw error(code) }
        }
    }

    private func bind(_ text: String, _ place: Int32) -> Int32 {
        var text = text
        return text.withUTF8 { bytes in
            // An empty string has no address, and no address would bind NULL.
            guard let start = bytes.baseAddress else {
                return unsafe kith_sqlite3_bind_text(handle, place, "", 0)
            }
            let count = bytes.count
            return unsafe start.withMemoryRebound(to: CChar.self, capacity: count) { start in
                unsafe kith_sqlite3_bind_text(handle, place, start, Int32(count))
            }
        }
    }

    private func bind(_ bytes: [UInt8], _ place: Int32) -> Int32 {
        let count = Int32(bytes.count)
        return unsafe bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress, count > 0 else {
                return unsafe sqlite3_bind_zeroblob(handle, place, 0)
            }
            return unsafe kith_sqlite3_bind_blob(handle, place, start, count)
        }
    }

    func step() throws -> Bool {
        let code = unsafe sqlite3_step(handle)
        switch code {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw error(code)
        }
    }

    var row: Row { unsafe Row(handle, columns: columns) }

    var changedRows: Int { unsafe Int(sqlite3_changes64(connection.handle)) }

    func reset() {
        unsafe sqlite3_reset(handle)
        unsafe sqlite3_clear_bindings(handle)
    }

    private func error(_ code: Int32) -> any Error {
        connection.error(code, in: text)
    }
}

/// A bound statement, while its rows are fetched.
@safe
struct Running: ~Copyable {
    // Not retained, for the reason given at `Snapshot`.
    private let held: Unmanaged<Statement>

    init(_ statement: Statement) {
        unsafe held = .passUnretained(statement)
    }

    private var statement: Statement { unsafe held.takeUnretainedValue() }

    func step() throws -> Bool { try statement.step() }

    var row: Row { statement.row }

    var changedRows: Int { statement.changedRows }
}
