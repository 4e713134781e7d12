import FoundationEssentials

/// Base64 with padding (RFC 4648, section 4).
package enum Base64 {
    package static func encode(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString()
    }

    package static func decode(_ text: String) -> [UInt8]? {
        Data(base64Encoded: text).map(Array.init)
    }
}

/// Base64 for URLs and cookies, without padding (RFC 4648, section 5). Only the one spelling that
/// `encode` gives is read, so that one value has one text.
package enum Base64URL {
    private static let letters = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8
    )

    /// In one go: each page has a token of its own.
    package static func encode(_ bytes: [UInt8]) -> String {
        let letters = Self.letters
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count / 3 * 4 + 4)
        var word: UInt32 = 0
        var bits = 0
        for byte in bytes {
            word = word << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(letters[Int(word >> UInt32(bits) & 63)])
            }
        }
        if bits > 0 { text.append(letters[Int(word << UInt32(6 - bits) & 63)]) }
        return String(decoding: text, as: UTF8.self)
    }

    package static func decode(_ text: String) -> [UInt8]? {
        var letters = text.utf8.map { letter -> UInt8 in
            switch letter {
            case 0x2D: 0x2B
            case 0x5F: 0x2F
            // Letters of the other alphabet are refused below as what they are not.
            case 0x2B, 0x2F, 0x3D: 0x20
            default: letter
            }
        }
        while letters.count % 4 != 0 { letters.append(0x3D) }
        guard let bytes = Base64.decode(String(decoding: letters, as: UTF8.self)),
            encode(bytes) == text
        else { return nil }
        return bytes
    }
}

/// Lower-case hexadecimal.
package enum Hex {
    package static func encode(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self
        )
    }

    package static func decode(_ text: String) -> [UInt8]? {
        let letters = Array(text.utf8)
        guard letters.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        for place in stride(from: 0, to: letters.count, by: 2) {
            guard let high = digit(letters[place]), let low = digit(letters[place + 1]) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func digit(_ letter: UInt8) -> UInt8? {
        switch letter {
        case 0x30...0x39: letter - 0x30
        case 0x61...0x66: letter - 0x57
        case 0x41...0x46: letter - 0x37
        default: nil
        }
    }
}
