/// Walks once over the bytes of a head, and notes where everything lies.
struct HeadReader {
    let method: HTTPMethod
    let target: Range<Int>
    /// HTTP/1.0.
    let isOld: Bool
    private(set) var fields: [HTTPHeaders.Field] = []
    private(set) var known = KnownFields()

    /// Longer than any that is known (RFC 9112, 3).
    private static let longestMethod = 32

    /// `bytes` end with the empty line, so that no walk over what is not a line's end leaves them.
    init(_ bytes: Span<UInt8>, _ limits: borrowing ServerSettings) throws(BadRequest) {
        let count = bytes.count
        guard count >= 4, Self.isLineEnd(bytes, count - 4), Self.isLineEnd(bytes, count - 2) else {
            throw .malformed
        }
        let blank = Self.endOfToken(bytes, 0)
        guard blank > 0, bytes[blank] == 0x20 else { throw .malformed }
        guard blank <= Self.longestMethod else { throw BadRequest(status: 501) }
        method = HTTPMethod(bytes.extracting(..<blank))
        var end = blank + 1
        while bytes[end] > 0x20 { end += 1 }
        target = blank + 1..<end
        guard bytes[end] == 0x20, end + 9 <= count - 4, Self.isLineEnd(bytes, end + 9) else {
            throw .malformed
        }
        isOld = try Self.isOld(bytes.extracting(end + 1..<end + 9))
        try readFields(bytes, from: end + 11, limits)
    }

    private static func isOld(_ version: Span<UInt8>) throws(BadRequest) -> Bool {
        // "HTTP/", a digit, a dot, a digit.
        let isVersion =
            version[0] == 0x48 && version[1] == 0x54 && version[2] == 0x54 && version[3] == 0x50
            && version[4] == 0x2F && isDigit(version[5]) && version[6] == 0x2E
            && isDigit(version[7])
        guard isVersion else { throw .malformed }
        // A later version of HTTP/1 is answered as the latest known (RFC 9110, 2.5).
        guard version[5] == 0x31 else { throw BadRequest(status: 505) }
        return version[7] == 0x30
    }

    /// Every field up to the empty line.
    private mutating func readFields(
        _ bytes: Span<UInt8>,
        from start: Int,
        _ limits: borrowing ServerSettings
    ) throws(BadRequest) {
        fields.reserveCapacity(16)
        var place = start
        while bytes[place] != 0x0D {
            let line = place
            let field = try Self.field(bytes, &place)
            guard fields.count < limits.fieldCount, place - line <= limits.fieldBytes else {
                throw BadRequest(status: 431)
            }
            guard Self.isLineEnd(bytes, place) else { throw .malformed }
            place += 2
            known.note(field, in: bytes)
            fields.append(field)
        }
        guard place + 2 == bytes.count else { throw .malformed }
    }

    /// A name, a colon and a value, up to the first byte that neither may hold.
    static func field(
        _ bytes: Span<UInt8>,
        _ place: inout Int
    ) throws(BadRequest) -> HTTPHeaders.Field {
        // A line that begins with a blank would carry on the one before; nobody sends that.
        let name = place
        let colon = endOfToken(bytes, name)
        guard colon > name, colon < bytes.count, bytes[colon] == 0x3A else { throw .malformed }
        place = colon + 1
        while place < bytes.count, isTextByte(bytes[place]) { place += 1 }
        var start = colon + 1
        var end = place
        while start < end, isBlank(bytes[start]) { start += 1 }
        while end > start, isBlank(bytes[end - 1]) { end -= 1 }
        return HTTPHeaders.Field(
            nameStart: UInt32(name),
            nameEnd: UInt32(colon),
            valueStart: UInt32(start),
            valueEnd: UInt32(end)
        )
    }

    private static func endOfToken(_ bytes: Span<UInt8>, _ start: Int) -> Int {
        var place = start
        while place < bytes.count, isTokenByte(bytes[place]) { place += 1 }
        return place
    }

    @inline(__always)
    private static func isLineEnd(_ bytes: Span<UInt8>, _ place: Int) -> Bool {
        bytes[place] == 0x0D && bytes[place + 1] == 0x0A
    }

    @inline(__always)
    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    @inline(__always)
    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
}
