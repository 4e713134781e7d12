/// Reads JSON strictly. What two programs could understand differently is refused: a name that
/// stands twice, half a surrogate pair, bytes that are no UTF-8, anything after the value.
package struct JSONReader {
    /// What is wrong, and at which byte.
    package struct Malformed: Error, Hashable {
        package let offset: Int
        /// The name that begins there stood before.
        package var isRepeated = false
    }

    /// Deep enough for anything that is meant, shallow enough for any stack.
    private static let deepest = 32

    private let bytes: [UInt8]
    private var place = 0

    package static func read(_ bytes: [UInt8]) throws(Malformed) -> JSON {
        var reader = JSONReader(bytes: bytes)
        let value = try reader.value(depth: 0)
        reader.skipBlanks()
        guard reader.place == bytes.count else { throw reader.malformed }
        return value
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private var malformed: Malformed { Malformed(offset: place) }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipBlanks() {
        while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { place += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        place += 1
        return true
    }

    private mutating func value(depth: Int) throws(Malformed) -> JSON {
        guard depth < Self.deepest else { throw malformed }
        skipBlanks()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func word(_ word: String, _ value: JSON) throws(Malformed) -> JSON {
        guard bytes[place...].starts(with: word.utf8) else { throw malformed }
        place += word.utf8.count
        return value
    }

    private mutating func object(depth: Int) throws(Malformed) -> JSON {
        place += 1
        var members: [JSON.Member] = []
        var names: Set<String> = []
        skipBlanks()
        if take("}") { return .object([]) }
        repeat {
            skipBlanks()
            let start = place
            let name = try text()
            guard names.insert(name).inserted else {
                throw Malformed(offset: start, isRepeated: true)
            }
            skipBlanks()
            guard take(":") else { throw malformed }
            members.append(JSON.Member(name: name, value: try value(depth: depth + 1)))
            skipBlanks()
        } while take(",")
        guard take("}") else { throw malformed }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(Malformed) -> JSON {
        place += 1
        var values: [JSON] = []
        skipBlanks()
        if take("]") { return .array([]) }
        repeat {
            values.append(try value(depth: depth + 1))
            skipBlanks()
        } while take(",")
        guard take("]") else { throw malformed }
        return .array(values)
    }

    private mutating func number() throws(Malformed) -> JSON {
        let start = place
        _ = take("-")
        guard let first = next else { throw malformed }
        if first == UInt8(ascii: "0") { place += 1 } else { try digits() }
        var isWhole = true
        if take(".") {
            isWhole = false
            try digits()
        }
        if take("e") || take("E") {
            isWhole = false
            if !take("+") { _ = take("-") }
            try digits()
        }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        guard isWhole, let number = Int64(text) else { return .fraction(text) }
        return .whole(number)
    }

    private mutating func digits() throws(Malformed) {
        let start = place
        while let byte = next, (0x30...0x39).contains(byte) { place += 1 }
        guard place > start else { throw malformed }
    }

    private mutating func text() throws(Malformed) -> String {
        let start = malformed
        guard take("\"") else { throw start }
        var plain: [UInt8] = []
        while let byte = next {
            place += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: plain, as: UTF8.self) else { throw start }
                return text
            case UInt8(ascii: "\\"): plain += Array(String(try escaped()).utf8)
            case ..<0x20: throw start
            default: plain.append(byte)
            }
        }
        throw malformed
    }

    private mutating func escaped() throws(Malformed) -> Unicode.Scalar {
        guard let byte = next else { throw malformed }
        place += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let high = try unit()
            if let scalar = Unicode.Scalar(high) { return scalar }
            guard (0xD800..<0xDC00).contains(high), take("\\"), take("u") else { throw malformed }
            let low = try unit()
            guard (0xDC00..<0xE000).contains(low),
                let scalar = Unicode.Scalar(
                    0x10000 + (UInt32(high - 0xD800) << 10 | UInt32(low - 0xDC00))
                )
            else { throw malformed }
            return scalar
        default: throw malformed
        }
    }

    private mutating func unit() throws(Malformed) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue
            else { throw malformed }
            unit = unit << 4 | UInt16(digit)
            place += 1
        }
        return unit
    }
}
