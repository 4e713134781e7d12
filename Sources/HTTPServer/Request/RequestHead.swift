/// Why a request is refused before anyone handles it. The connection closes after the answer.
struct BadRequest: Error, Equatable {
    let status: Int

    static let malformed = BadRequest(status: 400)
}

/// A request's head, read strictly: whatever two programs could read in two ways is refused
/// (RFC 9112, and the rules for those who stand behind proxies).
struct RequestHead: Sendable {
    enum Framing: Equatable, Sendable {
        case none
        case length(Int)
        case chunked
    }

    let method: HTTPMethod
    let path: String
    let query: String?
    let host: String
    let headers: HTTPHeaders
    let framing: Framing
    let keepsAlive: Bool
    /// Its target names https.
    let wantsTLS: Bool
    let expectsContinue: Bool
    /// HTTP/1.0.
    let isOld: Bool

    /// The memory that it takes.
    var heldBytes: Int { headers.heldBytes + path.utf8.count + (query?.utf8.count ?? 0) }

    /// `bytes` end with the empty line.
    init(_ bytes: [UInt8], _ limits: borrowing ServerSettings) throws(BadRequest) {
        let reader = try HeadReader(bytes.span, limits)
        let headers = HTTPHeaders(bytes: bytes, fields: reader.fields)
        self.headers = headers
        method = reader.method
        isOld = reader.isOld
        let target = try Target(bytes[reader.target], method: reader.method)
        path = target.path
        query = target.query
        wantsTLS = target.origin?.scheme == .https
        host = try Self.host(headers, reader, target)
        framing = try Self.framing(headers, reader)
        keepsAlive = Self.keepsAlive(headers, reader)
        expectsContinue = try Self.expectsContinue(headers, reader)
    }

    private static func host(
        _ headers: HTTPHeaders,
        _ reader: HeadReader,
        _ target: Target
    ) throws(BadRequest) -> String {
        switch reader.known.host {
        case .never where reader.isOld: return target.origin?.authority ?? ""
        case .never, .often: throw .malformed
        case .once(let field):
            guard let host = Host.read(headers.bytes(field)),
                target.isAt(host)
            else { throw .malformed }
            return host
        }
    }

    private static func framing(
        _ headers: HTTPHeaders,
        _ reader: HeadReader
    ) throws(BadRequest) -> Framing {
        guard !reader.known.hasDisguise else { throw .malformed }
        switch (reader.known.contentLength, reader.known.transferEncoding) {
        case (.never, .never): return .none
        case (.once(let field), .never):
            let digits = headers.bytes(field)
            guard (1...18).contains(digits.count),
                digits.allSatisfy({ (0x30...0x39).contains($0) })
            else { throw .malformed }
            let count = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
            return count == 0 ? .none : .length(count)
        case (.never, .once(let field)):
            guard !reader.isOld, isWord(headers.bytes(field), "chunked") else { throw .malformed }
            return .chunked
        default: throw .malformed
        }
    }

    private static func keepsAlive(_ headers: HTTPHeaders, _ reader: HeadReader) -> Bool {
        switch reader.known.connection {
        case .never: return !reader.isOld
        case .once(let field) where isWord(headers.bytes(field), "keep-alive"): return true
        default: break
        }
        let wishes = Array((headers["connection"] ?? "").utf8).split(separator: 0x2C).map(trimmed)
        if wishes.contains(where: { isWord($0, "close") }) { return false }
        return reader.isOld ? wishes.contains { isWord($0, "keep-alive") } : true
    }

    private static func expectsContinue(
        _ headers: HTTPHeaders,
        _ reader: HeadReader
    ) throws(BadRequest) -> Bool {
        switch reader.known.expect {
        case .never: return false
        case .once(let field) where isWord(headers.bytes(field), "100-continue"):
            return !reader.isOld
        default: throw BadRequest(status: 417)
        }
    }
}

/// What is asked for: a path and a query, and the origin where the absolute form names one.
struct Target: Sendable {
    enum Scheme: String, CaseIterable {
        case http
        case https

        var defaultPort: String { self == .https ? "443" : "80" }
    }

    let path: String
    let query: String?
    let origin: (scheme: Scheme, authority: String)?

    init(_ bytes: ArraySlice<UInt8>, method: HTTPMethod) throws(BadRequest) {
        guard let first = bytes.first, bytes.allSatisfy(Self.isAllowed) else { throw .malformed }
        if first == 0x2A {
            guard bytes.count == 1, method == .options else { throw .malformed }
            path = "*"
            query = nil
            origin = nil
            return
        }
        var rest = bytes
        var origin: (Scheme, String)?
        if first != 0x2F {
            let text = String(decoding: bytes, as: UTF8.self)
            let lower = text.lowercased()
            guard
                let scheme = Scheme.allCases.first(where: { lower.hasPrefix("\($0.rawValue)://") })
            else { throw .malformed }
            rest = bytes.dropFirst("\(scheme.rawValue)://".utf8.count)
            let end = rest.firstIndex { $0 == 0x2F || $0 == 0x3F } ?? rest.endIndex
            guard let name = Host.read(rest[..<end]) else { throw .malformed }
            origin = (scheme, name)
            rest = rest[end...]
        }
        let mark = rest.firstIndex(of: 0x3F)
        let path = rest[..<(mark ?? rest.endIndex)]
        self.path = path.isEmpty ? "/" : String(decoding: path, as: UTF8.self)
        query = mark.map { String(decoding: rest[($0 + 1)...], as: UTF8.self) }
        self.origin = origin
    }

    /// Whether it names no other place than the Host field does.
    func isAt(_ host: String) -> Bool {
        guard let origin else { return true }
        return Host.areSame(origin.authority, host, defaultPort: origin.scheme.defaultPort)
    }

    /// Printable ASCII, without what no URL may hold as it is: " # < > \ ^ ` { | }
    @inline(__always)
    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x22, 0x23, 0x3C, 0x3E, 0x5C, 0x5E, 0x60, 0x7B...0x7D: false
        default: byte > 0x20 && byte < 0x7F
        }
    }
}
