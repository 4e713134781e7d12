/// A statement as it stands in the source. What is interpolated is bound, never spliced, and
/// there is no way to make one from a `String`.
///
/// ```swift
/// try snapshot.all("SELECT id FROM identity_person WHERE town = \(town)") { try $0[0] }
/// ```
@usableFromInline
package struct SQL: ExpressibleByStringInterpolation, Sendable {
    var pieces: [Piece]
    var values: [SQLValue]

    @usableFromInline
    package init(stringLiteral text: StaticString) {
        pieces = [Piece(text: text)]
        values = []
    }

    @usableFromInline
    package init(stringInterpolation interpolation: StringInterpolation) {
        pieces = interpolation.pieces
        values = interpolation.values
    }

    @usableFromInline
    package struct StringInterpolation: StringInterpolationProtocol {
        var pieces: [Piece] = []
        var values: [SQLValue] = []

        @usableFromInline
        package init(literalCapacity: Int, interpolationCount: Int) {
            pieces.reserveCapacity(interpolationCount * 2 + 1)
            values.reserveCapacity(interpolationCount)
        }

        @usableFromInline
        package mutating func appendLiteral(_ text: StaticString) {
            if text.utf8CodeUnitCount > 0 { pieces.append(Piece(text: text)) }
        }

        package mutating func appendInterpolation(_ value: some SQLBindable) {
            pieces.append(.place)
            values.append(value.sqlValue)
        }

        /// Nil is NULL.
        package mutating func appendInterpolation<Value: SQLBindable>(_ value: Value?) {
            pieces.append(.place)
            values.append(value.sqlValue)
        }

        /// A part that was written elsewhere, with its own values.
        package mutating func appendInterpolation(_ part: SQL) {
            pieces.append(contentsOf: part.pieces)
            values.append(contentsOf: part.values)
        }

        /// The inside of `IN (…)`. An empty list matches nothing.
        package mutating func appendInterpolation(list: [some SQLBindable]) {
            if list.isEmpty { appendLiteral("SELECT NULL WHERE 1 = 0") }
            for (index, value) in list.enumerated() {
                if index > 0 { appendLiteral(", ") }
                appendInterpolation(value)
            }
        }
    }

    /// The statement with a question mark for each value: safe to log.
    var text: String {
        pieces.map(\.description).joined()
    }
}

extension SQL {
    /// A stretch of literal text, known by its address, which never changes while we run. So a
    /// prepared statement is found again without building or comparing its text.
    struct Piece: Hashable, Sendable, CustomStringConvertible {
        private let text: StaticString

        static let place = Piece(text: "?")

        init(text: StaticString) {
            precondition(text.hasPointerRepresentation)
            self.text = text
        }

        static func == (left: Piece, right: Piece) -> Bool {
            left.address == right.address
                && left.text.utf8CodeUnitCount == right.text.utf8CodeUnitCount
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(address &+ UInt(text.utf8CodeUnitCount) << 48)
        }

        private var address: UInt { unsafe UInt(bitPattern: text.utf8Start) }

        var description: String { text.description }
    }
}
