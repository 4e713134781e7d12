/// The fields that the server itself reads in each request: noted while the head is walked over,
/// so that nobody looks for them among the others.
struct KnownFields {
    enum Occurrence {
        case never
        case once(HTTPHeaders.Field)
        case often
    }

    private(set) var host = Occurrence.never
    private(set) var connection = Occurrence.never
    private(set) var contentLength = Occurrence.never
    private(set) var transferEncoding = Occurrence.never
    private(set) var expect = Occurrence.never
    /// A field's name is that of a length but for what stands between its letters: some programs
    /// take `Content_Length` for `Content-Length`, and would end the request elsewhere.
    private(set) var hasDisguise = false

    mutating func note(_ field: HTTPHeaders.Field, in bytes: Span<UInt8>) {
        let name = field.name
        switch name.count {
        case 4 where field.isNamed("host", in: bytes): Self.add(field, &host)
        case 6 where field.isNamed("expect", in: bytes): Self.add(field, &expect)
        case 10 where field.isNamed("connection", in: bytes): Self.add(field, &connection)
        case 14 where field.isNamed("content-length", in: bytes): Self.add(field, &contentLength)
        case 17 where field.isNamed("transfer-encoding", in: bytes):
            Self.add(field, &transferEncoding)
        case 13...:
            if Self.letters("contentlength", in: bytes.extracting(name))
                || Self.letters("transferencoding", in: bytes.extracting(name))
            {
                hasDisguise = true
            }
        default: break
        }
    }

    private static func add(_ field: HTTPHeaders.Field, _ occurrence: inout Occurrence) {
        if case .never = occurrence { occurrence = .once(field) } else { occurrence = .often }
    }

    /// Whether these are all the letters of a name.
    private static func letters(_ letters: String, in name: Span<UInt8>) -> Bool {
        var wanted = letters.utf8.makeIterator()
        for place in name.indices {
            let byte = asciiLowercased(name[place])
            guard byte &- 0x61 < 26 else { continue }
            if wanted.next() != byte { return false }
        }
        return wanted.next() == nil
    }
}
