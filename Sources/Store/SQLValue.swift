package import Basics

/// What a column can hold.
package enum SQLValue: Hashable, Sendable {
    case null
    case integer(Int64)
    /// For places on the map and the like. Money is never one of these.
    case real(Double)
    case text(String)
    case blob([UInt8])
}

/// What may be bound to a statement.
package protocol SQLBindable {
    var sqlValue: SQLValue { get }
}

/// What may be read from a column. A column of another type than expected is a fault.
package protocol SQLDecodable {
    static func decode(_ column: borrowing Column) throws -> Self
}

/// An enum kept as its raw text: `enum State: String, CodeName`. The text is part of the schema.
package protocol CodeName: RawRepresentable, SQLBindable, SQLDecodable where RawValue == String {}

extension CodeName {
    package var sqlValue: SQLValue { .text(rawValue) }

    package static func decode(_ column: borrowing Column) throws -> Self {
        guard let value = Self(rawValue: try column.text()) else {
            throw column.mismatch("one of the texts of \(Self.self)")
        }
        return value
    }
}

extension Optional: SQLBindable where Wrapped: SQLBindable {
    package var sqlValue: SQLValue { self?.sqlValue ?? .null }
}

extension Optional: SQLDecodable where Wrapped: SQLDecodable {
    package static func decode(_ column: borrowing Column) throws -> Self {
        column.isNull ? nil : try Wrapped.decode(column)
    }
}

extension Int64: SQLBindable, SQLDecodable {
    package var sqlValue: SQLValue { .integer(self) }

    package static func decode(_ column: borrowing Column) throws -> Int64 {
        try column.integer()
    }
}

extension Int: SQLBindable, SQLDecodable {
    package var sqlValue: SQLValue { .integer(Int64(self)) }

    package static func decode(_ column: borrowing Column) throws -> Int {
        Int(try column.integer())
    }
}

extension Bool: SQLBindable, SQLDecodable {
    package var sqlValue: SQLValue { .integer(self ? 1 : 0) }

    package static func decode(_ column: borrowing Column) throws -> Bool {
        switch try column.integer() {
        case 0: return false
        case 1: return true
        default: throw column.mismatch("0 or 1")
        }
    }
}

extension Double: SQLBindable, SQLDecodable {
    package var sqlValue: SQLValue { .real(self) }

    package static func decode(_ column: borrowing Column) throws -> Double {
        try column.real()
    }
}

extension String: SQLBindable, SQLDecodable {
    package var sqlValue: SQLValue { .text(self) }

    package static func decode(_ column: borrowing Column) throws -> String {
        try column.text()
    }
}

extension [UInt8]: SQLBindable, SQLDecodable {
    package var sqlValue: SQLValue { .blob(self) }

    package static func decode(_ column: borrowing Column) throws -> [UInt8] {
        try column.blob()
    }
}

extension Identifier: SQLBindable, SQLDecodable {
    package var sqlValue: SQLValue { .integer(rawValue) }

    package static func decode(_ column: borrowing Column) throws -> Identifier {
        Identifier(rawValue: try column.integer())
    }
}

extension Instant: SQLBindable, SQLDecodable {
    package var sqlValue: SQLValue { .integer(milliseconds) }

    package static func decode(_ column: borrowing Column) throws -> Instant {
        Instant(milliseconds: try column.integer())
    }
}

extension Minutes: SQLBindable, SQLDecodable {
    package var sqlValue: SQLValue { .integer(count) }

    package static func decode(_ column: borrowing Column) throws -> Minutes {
        Minutes(try column.integer())
    }
}

extension Sealed: SQLBindable, SQLDecodable {
    package var sqlValue: SQLValue { .blob(bytes) }

    package static func decode(_ column: borrowing Column) throws -> Sealed {
        Sealed(bytes: try column.blob())
    }
}

extension CivilDay: SQLBindable, SQLDecodable {
    package var sqlValue: SQLValue { .text(description) }

    package static func decode(_ column: borrowing Column) throws -> CivilDay {
        guard let day = CivilDay(try column.text()) else { throw column.mismatch("a date") }
        return day
    }
}

extension CivilTime: SQLBindable, SQLDecodable {
    package var sqlValue: SQLValue { .text(description) }

    package static func decode(_ column: borrowing Column) throws -> CivilTime {
        guard let time = CivilTime(try column.text()) else {
            throw column.mismatch("a time of day")
        }
        return time
    }
}

extension Currency: CodeName {}
