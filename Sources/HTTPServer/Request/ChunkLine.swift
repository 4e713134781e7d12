/// The line before a chunk (RFC 9112, 7.1).
enum ChunkLine {
    /// Up to 15 hexadecimal digits, and extensions that are read for their shape, and past.
    static func size(_ line: [UInt8]) throws(BadRequest) -> Int {
        let digits = line.prefix(while: isHexByte)
        guard (1...15).contains(digits.count),
            let size = Int(String(decoding: digits, as: UTF8.self), radix: 16),
            areExtensions(line[digits.count...])
        else { throw .malformed }
        return size
    }

    /// Each a semicolon and a name, maybe with a value. What is not finished, some programs would
    /// go on with in the next line.
    private static func areExtensions(_ line: ArraySlice<UInt8>) -> Bool {
        var rest = line
        while let first = rest.popFirst() {
            skipBlanks(&rest)
            guard first == 0x3B, takeToken(&rest) else { return false }
            guard !rest.isEmpty else { return true }
            skipBlanks(&rest)
            if rest.first == 0x3D {
                rest.removeFirst()
                skipBlanks(&rest)
                guard rest.first == 0x22 ? takeQuoted(&rest) : takeToken(&rest) else {
                    return false
                }
                guard !rest.isEmpty else { return true }
                skipBlanks(&rest)
            }
            // Blanks at the end.
            if rest.isEmpty { return false }
        }
        return true
    }

    private static func skipBlanks(_ rest: inout ArraySlice<UInt8>) {
        rest = rest.drop { $0 == 0x20 || $0 == 0x09 }
    }

    private static func takeToken(_ rest: inout ArraySlice<UInt8>) -> Bool {
        let end = rest.firstIndex { !isTokenByte($0) } ?? rest.endIndex
        defer { rest = rest[end...] }
        return end > rest.startIndex
    }

    private static func takeQuoted(_ rest: inout ArraySlice<UInt8>) -> Bool {
        rest.removeFirst()
        while let byte = rest.popFirst() {
            if byte == 0x22 { return true }
            guard isTextByte(byte) else { return false }
            if byte == 0x5C {
                guard let escaped = rest.popFirst(), isTextByte(escaped) else { return false }
            }
        }
        return false
    }

    private static func isHexByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }
}
