/// The lasting id of one `Entity`: 64 bits, ordered by the time it was made, never reused.
///
/// In URLs and files it is 13 characters of Crockford base 32, so it can be read out over the
/// telephone. The type parameter keeps a booking's id from being used as a person's.
package struct Identifier<Entity>: Hashable, Comparable, Sendable {
    package let rawValue: Int64

    package init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    package static func < (left: Identifier, right: Identifier) -> Bool {
        left.rawValue < right.rawValue
    }
}

extension Identifier: CustomStringConvertible {
    private static var alphabet: [UInt8] { Array("0123456789abcdefghjkmnpqrstvwxyz".utf8) }

    package var description: String {
        let alphabet = Self.alphabet
        var rest = UInt64(bitPattern: rawValue)
        var letters = [UInt8](repeating: 0, count: 13)
        for place in letters.indices.reversed() {
            letters[place] = alphabet[Int(rest & 31)]
            rest >>= 5
        }
        return String(decoding: letters, as: UTF8.self)
    }

    /// Reads the one spelling that `description` writes. Other spellings are not an id, so that
    /// one thing has one address.
    package init?(_ text: some StringProtocol) {
        var value: UInt64 = 0
        let letters = text.utf8
        guard letters.count == 13 else { return nil }
        let alphabet = Self.alphabet
        for (place, letter) in letters.enumerated() {
            guard let digit = alphabet.firstIndex(of: letter) else { return nil }
            // The first letter carries 4 bits: 13 × 5 is 65.
            if place == 0, digit > 15 { return nil }
            value = value << 5 | UInt64(digit)
        }
        rawValue = Int64(bitPattern: value)
    }
}

extension Identifier: Codable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let identifier = Identifier(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not an id: \(text)")
            )
        }
        self = identifier
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
