/// The fields of a request's head: the bytes as they came, and a table of where each one lies.
/// A field becomes a `String` only when somebody asks for it.
package struct HTTPHeaders: Sendable {
    /// Where one field lies in the head's bytes.
    struct Field: Sendable {
        var nameStart: UInt32
        var nameEnd: UInt32
        var valueStart: UInt32
        var valueEnd: UInt32

        var name: Range<Int> { Int(nameStart)..<Int(nameEnd) }
        var value: Range<Int> { Int(valueStart)..<Int(valueEnd) }

        /// `word` is written in lower case.
        func isNamed(_ word: String, in bytes: Span<UInt8>) -> Bool {
            var place = Int(nameStart)
            guard Int(nameEnd) - place == word.utf8.count else { return false }
            for letter in word.utf8 {
                if asciiLowercased(bytes[place]) != letter { return false }
                place += 1
            }
            return true
        }
    }

    private let bytes: [UInt8]
    private let fields: [Field]

    init(bytes: [UInt8], fields: [Field]) {
        self.bytes = bytes
        self.fields = fields
    }

    /// For requests that did not come over a socket, as in tests of pages.
    package init(_ pairs: [(String, String)] = []) {
        var bytes: [UInt8] = []
        var fields: [Field] = []
        for (name, value) in pairs {
            let start = UInt32(bytes.count)
            bytes += name.utf8
            let middle = UInt32(bytes.count)
            bytes += value.utf8
            fields.append(
                Field(
                    nameStart: start,
                    nameEnd: middle,
                    valueStart: middle,
                    valueEnd: UInt32(bytes.count)
                )
            )
        }
        self.bytes = bytes
        self.fields = fields
    }

    package var count: Int { fields.count }

    var heldBytes: Int { bytes.capacity + fields.capacity * MemoryLayout<Field>.stride }

    /// The field's value; the name is written in lower case. A field that came several times is
    /// joined as the standard says, so that a second one can never hide behind the first.
    package subscript(name: String) -> String? {
        var joined: String?
        for field in fields where matches(field, name) {
            if let before = joined {
                joined = before + (name == "cookie" ? "; " : ", ") + text(field)
            } else {
                joined = text(field)
            }
        }
        return joined
    }

    /// Every value of the name, one for each time the field came.
    package func all(_ name: String) -> [String] {
        fields.compactMap { matches($0, name) ? text($0) : nil }
    }

    func bytes(_ field: Field) -> ArraySlice<UInt8> { bytes[field.value] }

    private func text(_ field: Field) -> String {
        String(decoding: bytes[field.value], as: UTF8.self)
    }

    private func matches(_ field: Field, _ name: String) -> Bool {
        field.isNamed(name, in: bytes.span)
    }
}

/// Compared byte by byte: Swift's own comparison takes some letters for ASCII ones that no other
/// program does, as the sign of the kelvin for a K.
func isWord(_ text: String, _ word: String) -> Bool {
    text.utf8.elementsEqual(word.utf8) { asciiLowercased($0) == $1 }
}

func isWord(_ text: ArraySlice<UInt8>, _ word: String) -> Bool {
    text.elementsEqual(word.utf8) { asciiLowercased($0) == $1 }
}

extension ArraySlice<UInt8> {
    /// In memory of its own, and no more of it than is needed: an `Array` made of a slice that is
    /// its whole array shares that array's memory, all of it.
    var apart: [UInt8] {
        var bytes: [UInt8] = []
        guard !isEmpty else { return bytes }
        bytes.reserveCapacity(count)
        bytes += self
        return bytes
    }
}

/// Without the blanks round it.
func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var text = text
    while let first = text.first, first == 0x20 || first == 0x09 { text.removeFirst() }
    while let last = text.last, last == 0x20 || last == 0x09 { text.removeLast() }
    return text
}

@inline(__always)
func asciiLowercased(_ byte: UInt8) -> UInt8 {
    byte &- 0x41 < 26 ? byte | 0x20 : byte
}
