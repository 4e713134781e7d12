/// Names and values as a form sends them, and as a query holds them
/// (`application/x-www-form-urlencoded`): a pure reading of bytes, strict and bounded.
package struct FormData: Sendable {
    package let fields: [(name: String, value: String)]

    package init() {
        fields = []
    }

    package init(_ fields: [(name: String, value: String)]) {
        self.fields = fields
    }

    /// Throws on a broken percent sign, on anything that is not UTF-8, on NUL, and on more
    /// fields than `most`. No browser sends those.
    package init(urlEncoded bytes: some Sequence<UInt8>, most: Int = 1000) throws(BadForm) {
        var reader = FormReader(most: most)
        for byte in bytes { try reader.take(byte) }
        fields = try reader.finish()
    }

    /// A request's query; an absent one has no fields.
    package init(query: String?) throws(BadForm) {
        try self.init(urlEncoded: (query ?? "").utf8)
    }

    /// The first value of the name.
    package subscript(name: String) -> String? {
        fields.first { $0.name == name }?.value
    }

    /// Every value, as ticked boxes of one name send them.
    package func all(_ name: String) -> [String] {
        fields.compactMap { $0.name == name ? $0.value : nil }
    }
}

/// Why a form cannot be read. Answer it with 400.
package enum BadForm: Error {
    case malformed
    case notText
    case tooManyFields
}

private struct FormReader {
    private enum Escape {
        case none
        case first
        case second(UInt8)
    }

    let most: Int
    private var fields: [(name: String, value: String)] = []
    private var name: [UInt8]?
    private var text: [UInt8] = []
    private var isEmpty = true
    private var escape = Escape.none

    init(most: Int) {
        self.most = most
    }

    mutating func take(_ byte: UInt8) throws(BadForm) {
        switch escape {
        case .first:
            guard let digit = hexDigit(byte) else { throw .malformed }
            escape = .second(digit)
            return
        case .second(let high):
            guard let digit = hexDigit(byte) else { throw .malformed }
            escape = .none
            text.append(high << 4 | digit)
            return
        case .none:
            break
        }
        switch byte {
        case UInt8(ascii: "&"): return try endField()
        case UInt8(ascii: "="):
            if name == nil {
                name = text
                text = []
            } else {
                text.append(byte)
            }
        case UInt8(ascii: "+"): text.append(0x20)
        case UInt8(ascii: "%"): escape = .first
        default: text.append(byte)
        }
        isEmpty = false
    }

    mutating func finish() throws(BadForm) -> [(name: String, value: String)] {
        try endField()
        return fields
    }

    private mutating func endField() throws(BadForm) {
        guard case .none = escape else { throw .malformed }
        guard !isEmpty else { return }
        guard fields.count < most else { throw .tooManyFields }
        fields.append((try string(name ?? text), try string(name == nil ? [] : text)))
        name = nil
        text = []
        isEmpty = true
    }

    private func string(_ bytes: [UInt8]) throws(BadForm) -> String {
        guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
            throw .notText
        }
        return text
    }
}

func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
}
