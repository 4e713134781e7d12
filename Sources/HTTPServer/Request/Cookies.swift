/// The cookies a browser sent: a pure reading of the Cookie field.
package struct Cookies: Sendable {
    package let pairs: [(name: String, value: String)]

    /// More than any browser keeps for one site.
    private static let most = 200

    /// A part that is not a name and a value is passed over, as every browser's own cookies may
    /// stand beside ours.
    package init(_ field: String?) {
        guard let field else {
            pairs = []
            return
        }
        var pairs: [(name: String, value: String)] = []
        for part in field.utf8.split(separator: UInt8(ascii: ";")) where pairs.count < Self.most {
            guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let name = Self.trimmed(part[..<equals])
            let value = Self.trimmed(part[part.index(after: equals)...])
            guard !name.isEmpty, name.allSatisfy(isTokenByte), value.allSatisfy(Self.isValueByte)
            else { continue }
            pairs.append((String(Substring(name)), String(Substring(Self.unquoted(value)))))
        }
        self.pairs = pairs
    }

    /// The first of the name: browsers send the most particular one first.
    package subscript(name: String) -> String? {
        pairs.first { $0.name == name }?.value
    }

    private static func isValueByte(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte != 0x7F
    }

    private static func trimmed(_ part: Substring.UTF8View) -> Substring.UTF8View {
        var part = part
        while let first = part.first, first == 0x20 || first == 0x09 { part.removeFirst() }
        while let last = part.last, last == 0x20 || last == 0x09 { part.removeLast() }
        return part
    }

    private static func unquoted(_ part: Substring.UTF8View) -> Substring.UTF8View {
        let quote = UInt8(ascii: "\"")
        guard part.count >= 2, part.first == quote, part.last == quote else { return part }
        return part.dropFirst().dropLast()
    }
}
