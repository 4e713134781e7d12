/// The cookies a browser sent: a pure reading of the Cookie field.
package struct Cookies: Sendable {
    package let pairs: [(name: String, value: String)]

    /// More than any browser keeps for one site.
    private static let most = 200

    /// A part that is not a name and a value is passed over, as every browser's own cookies may
    /// stand beside ours.
    package init(_ field: String?) {
        guard let field, !field.isEmpty else {
            pairs = []
            return
        }
        var pairs: [(name: String, value: String)] = []
        for part in Array(field.utf8).split(separator: 0x3B) where pairs.count < Self.most {
            guard let equals = part.firstIndex(of: 0x3D) else { continue }
            let name = trimmed(part[..<equals])
            let value = trimmed(part[(equals + 1)...])
            guard !name.isEmpty, name.allSatisfy(isTokenByte), value.allSatisfy(Self.isValueByte)
            else { continue }
            pairs.append(
                (
                    String(decoding: name, as: UTF8.self),
                    String(decoding: Self.unquoted(value), as: UTF8.self)
                )
            )
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

    private static func unquoted(_ part: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard part.count >= 2, part.first == 0x22, part.last == 0x22 else { return part }
        return part.dropFirst().dropLast()
    }
}
