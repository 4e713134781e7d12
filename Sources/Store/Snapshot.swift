/// One consistent view of the data: what was committed when it began, and, inside a change, what
/// that change has done so far. It cannot write, and cannot outlive its block.
@safe
@usableFromInline
package struct Snapshot: ~Copyable {
    // Not retained: whoever runs the block holds the connection until the block is over. (Swift
    // 6.3's optimiser stops at a noncopyable struct around a borrowed reference.)
    private let held: Unmanaged<Connection>

    init(_ connection: Connection) {
        unsafe held = .passUnretained(connection)
    }

    var connection: Connection { unsafe held.takeUnretainedValue() }

    // What is generic here is made anew where it is called, which `@inlinable` allows: a list that
    // does not know what it is a list of looks that up for each element.

    @inlinable
    package func all<Value>(
        _ sql: SQL,
        _ decode: (borrowing Row) throws -> Value
    ) throws -> [Value] {
        var values: [Value] = []
        try each(sql) { row in values.append(try decode(row)) }
        return values
    }

    @inlinable
    package func first<Value>(
        _ sql: SQL,
        _ decode: (borrowing Row) throws -> Value
    ) throws -> Value? {
        var value: Value?
        try one(sql) { row in value = try decode(row) }
        return value
    }

    /// Visits the rows one by one, so that an answer of any length needs no memory.
    @usableFromInline
    package func each(_ sql: SQL, _ body: (borrowing Row) throws -> Void) throws {
        try connection.with(sql, .reading) { running in
            while try running.step() { try body(running.row) }
        }
    }

    @usableFromInline
    func one(_ sql: SQL, _ body: (borrowing Row) throws -> Void) throws {
        try connection.with(sql, .reading) { running in
            if try running.step() { try body(running.row) }
        }
    }

    /// For whoever looks at a store that may not have been migrated yet.
    package func hasTable(_ name: String) throws -> Bool {
        let found: String? = try value(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name = \(name)"
        )
        return found != nil
    }

    /// The first column of the first row. Nil also when there it is NULL.
    package func value<Value: SQLDecodable>(_ sql: SQL) throws -> Value? {
        try connection.with(sql, .reading) { running in
            guard try running.step() else { return nil }
            let column = running.row.column(0)
            return column.isNull ? nil : try Value.decode(column)
        }
    }
}

/// A snapshot stays on the thread that began it.
@available(*, unavailable)
extension Snapshot: Sendable {}
