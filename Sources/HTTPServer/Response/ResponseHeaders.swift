/// The fields of an answer, kept as the bytes that will be sent.
///
/// A name that is not a token, or a value with a control character, could split one answer into
/// two. Such a field is not kept; the answer is then sent as a 500 instead.
package struct ResponseHeaders: Sendable {
    private(set) var bytes: [UInt8] = []
    /// True once a field had to be refused.
    private(set) var isSpoilt = false

    package init() {}

    package init(_ pairs: [(String, String)]) {
        for (name, value) in pairs { add(name, value) }
    }

    /// Adds a field beside any of the same name.
    package mutating func add(_ name: String, _ value: String) {
        let start = bytes.count
        bytes += name.utf8
        let colon = bytes.count
        bytes += [0x3A, 0x20]
        bytes += value.utf8
        guard Self.isSound(bytes.span, start, colon) else {
            bytes.removeSubrange(start...)
            isSpoilt = true
            return
        }
        bytes += [0x0D, 0x0A]
    }

    private static func isSound(_ bytes: Span<UInt8>, _ start: Int, _ colon: Int) -> Bool {
        for place in start..<colon where !isTokenByte(bytes[place]) { return false }
        for place in colon..<bytes.count where !isTextByte(bytes[place]) { return false }
        return colon > start
    }

    package mutating func add(contentsOf others: ResponseHeaders) {
        bytes += others.bytes
        isSpoilt = isSpoilt || others.isSpoilt
    }

    /// The first value of the name, however it is capitalised. Setting it takes the place of all
    /// there were; setting nil removes them.
    package subscript(name: String) -> String? {
        get {
            firstLine(named: name).map { line in
                let start = line.lowerBound + name.utf8.count + 2
                return String(decoding: bytes[start..<line.upperBound - 2], as: UTF8.self)
            }
        }
        set {
            while let line = firstLine(named: name) { bytes.removeSubrange(line) }
            if let newValue { add(name, newValue) }
        }
    }

    package func contains(_ name: String) -> Bool { firstLine(named: name) != nil }

    private func firstLine(named name: String) -> Range<Int>? {
        var start = 0
        while start < bytes.count {
            // Every line was written by `add`, so it ends in CR LF and holds neither within.
            var end = start
            while bytes[end] != 0x0A { end += 1 }
            end += 1
            if isNamed(name, at: start) { return start..<end }
            start = end
        }
        return nil
    }

    private func isNamed(_ name: String, at start: Int) -> Bool {
        var place = start
        for letter in name.utf8 {
            guard asciiLowercased(bytes[place]) == asciiLowercased(letter) else { return false }
            place += 1
        }
        return bytes[place] == 0x3A
    }
}

@inline(__always)
func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E...0x60, 0x7C, 0x7E: true
    default: false
    }
}

/// What may stand in a field's value.
@inline(__always)
func isTextByte(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != 0x7F || byte == 0x09
}
