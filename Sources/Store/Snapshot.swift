/// One consistent view of the data: what was committed when it began, and, inside a change, what
/// that change has done so far. It cannot write, and cannot outlive its block.
@safe
package struct Snapshot: ~Copyable {
    // Not retained: whoever runs the block holds the connection until the block is over. (Swift
    // 6.3's optimiser stops at a noncopyable struct around a borrowed reference.)
    private let held: Unmanaged<Connection>

    init(_ connection: Connection) {
        unsafe held = .passUnretained(connection)
    }

    var connection: Connection { unsafe held.takeUnretainedValue() }

    package func all<Value>(
        _ sql: SQL,
        _ decode: (borrowing Row) throws -> Value
    ) throws -> [Value] {
        try connection.with(sql, .reading) { running in
            var values = try Self.next(8, of: running, decode)
            var wasFull = values.count == 8
            while wasFull {
                let more = try Self.next(64, of: running, decode)
                wasFull = more.count == 64
                values += more
            }
            return values
        }
    }

    /// A stretch of rows, put where they stay: an array that grows by one looks up what it is an
    /// array of for each of them, as long as it does not know when it is compiled.
    private static func next<Value>(
        _ most: Int,
        of running: borrowing Running,
        _ decode: (borrowing Row) throws -> Value
    ) throws -> [Value] {
        unsafe try [Value](unsafeUninitializedCapacity: most) { values, count in
            while count < most, try running.step() {
                unsafe values.initializeElement(at: count, to: try decode(running.row))
                count += 1
            }
        }
    }

    package func first<Value>(
        _ sql: SQL,
        _ decode: (borrowing Row) throws -> Value
    ) throws -> Value? {
        try connection.with(sql, .reading) { running in
            try running.step() ? try decode(running.row) : nil
        }
    }

    /// Visits the rows one by one, so that an answer of any length needs no memory.
    package func each(_ sql: SQL, _ body: (borrowing Row) throws -> Void) throws {
        try connection.with(sql, .reading) { running in
            while try running.step() { try body(running.row) }
        }
    }

    /// The first column of the first row. Nil also when there it is NULL.
    package func value<Value: SQLDecodable>(_ sql: SQL) throws -> Value? {
        try connection.with(sql, .reading) { running in
            guard try running.step() else { return nil }
            let value: Value? = try running.row[0]
            return value
        }
    }
}

/// A snapshot stays on the thread that began it.
@available(*, unavailable)
extension Snapshot: Sendable {}
