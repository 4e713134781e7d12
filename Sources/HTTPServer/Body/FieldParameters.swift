/// A field value of the shape `kind; name=value; name="value"`, read strictly.
package struct FieldParameters: Sendable {
    private let pairs: [(name: String, value: String)]

    /// Nil unless the value has this kind and is written well. A name given twice is refused.
    package init?(_ text: String, kind: String) {
        var rest = Array(text.utf8)[...]
        guard Self.lowercased(Self.take(&rest) { $0 != 0x3B }) == kind else { return nil }
        var pairs: [(name: String, value: String)] = []
        while rest.popFirst() != nil {
            let name = Self.lowercased(Self.take(&rest) { $0 != 0x3B && $0 != 0x3D })
            guard !name.isEmpty, name.utf8.allSatisfy(isTokenByte), rest.popFirst() == 0x3D,
                !pairs.contains(where: { $0.name == name }), let value = Self.value(&rest)
            else { return nil }
            pairs.append((name, value))
            while let byte = rest.first, byte == 0x20 || byte == 0x09 { rest.removeFirst() }
            guard rest.isEmpty || rest.first == 0x3B else { return nil }
        }
        self.pairs = pairs
    }

    package subscript(name: String) -> String? {
        pairs.first { $0.name == name }?.value
    }

    private static func take(
        _ rest: inout ArraySlice<UInt8>,
        while isWanted: (UInt8) -> Bool
    ) -> ArraySlice<UInt8> {
        let taken = rest.prefix(while: isWanted)
        rest = rest[taken.endIndex...]
        return taken
    }

    private static func lowercased(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: trimmed(bytes).map(asciiLowercased), as: UTF8.self)
    }

    private static func value(_ rest: inout ArraySlice<UInt8>) -> String? {
        guard rest.first == 0x22 else {
            let bare = take(&rest, while: isTokenByte)
            return bare.isEmpty ? nil : String(decoding: bare, as: UTF8.self)
        }
        rest.removeFirst()
        var text: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == 0x22 { return String(validating: text, as: UTF8.self) }
            if byte == 0x5C, let next = rest.first, next == 0x22 || next == 0x5C {
                rest.removeFirst()
                text.append(next)
            } else {
                text.append(byte)
            }
        }
        return nil
    }
}
