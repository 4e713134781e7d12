/// Walks over the bytes of a head, line by line.
struct HeadReader {
    let bytes: [UInt8]
    let settings: ServerSettings
    private var place = 0

    init(bytes: [UInt8], settings: ServerSettings) {
        self.bytes = bytes
        self.settings = settings
    }

    struct RequestLine {
        let method: HTTPMethod
        let target: ArraySlice<UInt8>
        /// HTTP/1.0.
        let isOld: Bool
    }

    mutating func requestLine() throws(BadRequest) -> RequestLine {
        let line = try nextLine()
        let parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty, parts[0].count <= 32,
            parts[0].allSatisfy(isTokenByte)
        else { throw .malformed }
        return RequestLine(
            method: HTTPMethod(String(decoding: parts[0], as: UTF8.self)),
            target: parts[1],
            isOld: try isOld(parts[2])
        )
    }

    private func isOld(_ version: ArraySlice<UInt8>) throws(BadRequest) -> Bool {
        switch Array(version) {
        case Array("HTTP/1.1".utf8): return false
        case Array("HTTP/1.0".utf8): return true
        default:
            let letters = Array(version)
            let isVersion =
                letters.count == 8 && letters.starts(with: "HTTP/".utf8)
                && (0x30...0x39).contains(letters[5]) && letters[6] == 0x2E
                && (0x30...0x39).contains(letters[7])
            throw BadRequest(status: isVersion ? 505 : 400)
        }
    }

    /// Every field up to the empty line.
    mutating func fields() throws(BadRequest) -> [HTTPHeaders.Field] {
        var fields: [HTTPHeaders.Field] = []
        while true {
            let line = try nextLine()
            if line.isEmpty { return fields }
            guard fields.count < settings.fieldCount, line.count <= settings.fieldBytes else {
                throw BadRequest(status: 431)
            }
            fields.append(try Self.field(line))
        }
    }

    static func field(_ line: ArraySlice<UInt8>) throws(BadRequest) -> HTTPHeaders.Field {
        // A line that begins with a blank would carry on the one before; nobody sends that.
        guard let colon = line.firstIndex(of: 0x3A), colon > line.startIndex,
            line[..<colon].allSatisfy(isTokenByte)
        else { throw .malformed }
        var start = colon + 1
        var end = line.endIndex
        while start < end, line[start] == 0x20 || line[start] == 0x09 { start += 1 }
        while end > start, line[end - 1] == 0x20 || line[end - 1] == 0x09 { end -= 1 }
        guard line[start..<end].allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
            throw .malformed
        }
        return HTTPHeaders.Field(
            nameStart: UInt32(line.startIndex),
            nameEnd: UInt32(colon),
            valueStart: UInt32(start),
            valueEnd: UInt32(end)
        )
    }

    /// Up to CR LF; either of the two alone is refused.
    private mutating func nextLine() throws(BadRequest) -> ArraySlice<UInt8> {
        let start = place
        while place < bytes.count {
            let byte = bytes[place]
            if byte == 0x0D {
                guard place + 1 < bytes.count, bytes[place + 1] == 0x0A else { throw .malformed }
                let line = bytes[start..<place]
                place += 2
                return line
            }
            if byte == 0x0A || byte == 0 { throw .malformed }
            place += 1
        }
        throw .malformed
    }
}
