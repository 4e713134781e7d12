import CSQLite

/// One row of an answer, read by position: `let id: Booking.ID = try row[0]`. It lives only while
/// it is being decoded.
@safe
@usableFromInline
package struct Row: ~Copyable {
    private let handle: OpaquePointer
    private let columns: Int

    init(_ handle: OpaquePointer, columns: Int) {
        unsafe self.handle = handle
        self.columns = columns
    }

    package subscript<Value: SQLDecodable>(place: Int) -> Value {
        get throws { try Value.decode(column(place)) }
    }

    func column(_ place: Int) -> Column {
        precondition(place >= 0 && place < columns)
        return unsafe Column(handle, place)
    }
}

/// One value of one row, for those who teach a type to read itself.
@safe
package struct Column: ~Copyable {
    private let handle: OpaquePointer
    private let place: Int32
    /// Looked up once for all that is asked of it. SQLite lets it be read so by whoever has the
    /// connection to themselves, in the mode that the store chooses.
    private let value: OpaquePointer?

    init(_ handle: OpaquePointer, _ place: Int) {
        unsafe self.handle = handle
        self.place = Int32(place)
        unsafe value = sqlite3_column_value(handle, Int32(place))
    }

    package var isNull: Bool { type == SQLITE_NULL }

    package func integer() throws -> Int64 {
        guard type == SQLITE_INTEGER else { throw mismatch("a whole number") }
        return unsafe sqlite3_value_int64(value)
    }

    package func real() throws -> Double {
        guard type == SQLITE_FLOAT || type == SQLITE_INTEGER else { throw mismatch("a number") }
        return unsafe sqlite3_value_double(value)
    }

    package func text() throws -> String {
        guard type == SQLITE_TEXT else { throw mismatch("text") }
        guard let start = unsafe sqlite3_value_text(value) else { return "" }
        let bytes = unsafe UnsafeBufferPointer(
            start: start,
            count: Int(sqlite3_value_bytes(value))
        )
        return unsafe String(decoding: bytes, as: UTF8.self)
    }

    package func blob() throws -> [UInt8] {
        guard type == SQLITE_BLOB else { throw mismatch("bytes") }
        guard let start = unsafe sqlite3_value_blob(value) else { return [] }
        let bytes = unsafe UnsafeRawBufferPointer(
            start: start,
            count: Int(sqlite3_value_bytes(value))
        )
        return unsafe [UInt8](bytes)
    }

    /// Says which column holds what it should not, and never the value itself.
    package func mismatch(_ expected: String) -> StoreFault {
        let name = unsafe sqlite3_column_name(handle, place).map { unsafe String(cString: $0) }
        let sql = unsafe sqlite3_sql(handle).map { unsafe String(cString: $0) }
        return StoreFault(
            code: SQLITE_MISMATCH,
            message: "column \(place) (\(name ?? "?")) does not hold \(expected)",
            sql: sql ?? ""
        )
    }

    private var type: Int32 { unsafe sqlite3_value_type(value) }
}
