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
    let expectsContinue: Bool
    /// HTTP/1.0.
    let isOld: Bool

    /// `bytes` end with the empty line.
    init(_ bytes: [UInt8], _ settings: ServerSettings) throws(BadRequest) {
        var reader = HeadReader(bytes: bytes, settings: settings)
        let line = try reader.requestLine()
        let fields = try reader.fields()
        let headers = HTTPHeaders(bytes: bytes, fields: fields)
        self.headers = headers
        method = line.method
        isOld = line.isOld
        let target = try Target(line.target, method: line.method)
        path = target.path
        query = target.query
        host = try Self.host(headers, target, isOld: line.isOld)
        framing = try Self.framing(headers, isOld: line.isOld)
        keepsAlive = Self.keepsAlive(headers, isOld: line.isOld)
        if let expectation = headers["expect"] {
            guard isWord(expectation, "100-continue") else {
                throw BadRequest(status: 417)
            }
            expectsContinue = !line.isOld
        } else {
            expectsContinue = false
        }
    }

    private static func host(
        _ headers: HTTPHeaders,
        _ target: Target,
        isOld: Bool
    ) throws(BadRequest) -> String {
        let hosts = headers.all("host")
        if hosts.isEmpty && isOld { return target.authority ?? "" }
        guard hosts.count == 1, Host.isValid(hosts[0]) else { throw .malformed }
        let host = hosts[0].lowercased()
        if let authority = target.authority {
            guard authority == host else { throw .malformed }
        }
        return host
    }

    private static func framing(
        _ headers: HTTPHeaders,
        isOld: Bool
    ) throws(BadRequest) -> Framing {
        guard !headers.disguises("content-length"), !headers.disguises("transfer-encoding") else {
            throw .malformed
        }
        let lengths = headers.all("content-length")
        let codings = headers.all("transfer-encoding")
        if !codings.isEmpty {
            guard !isOld, lengths.isEmpty, codings.count == 1, isWord(codings[0], "chunked")
            else { throw .malformed }
            return .chunked
        }
        guard let length = lengths.first else { return .none }
        guard lengths.count == 1, (1...18).contains(length.utf8.count),
            length.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int(length)
        else { throw .malformed }
        return count == 0 ? .none : .length(count)
    }

    private static func keepsAlive(_ headers: HTTPHeaders, isOld: Bool) -> Bool {
        let wishes = (headers["connection"] ?? "").split(separator: ",")
            .map { $0.filter { $0 != " " && $0 != "\t" } }
        if wishes.contains(where: { isWord($0, "close") }) { return false }
        return isOld ? wishes.contains { isWord($0, "keep-alive") } : true
    }
}

/// What is asked for: a path and a query, and the authority where the absolute form names one.
struct Target: Sendable {
    let path: String
    let query: String?
    let authority: String?

    init(_ bytes: ArraySlice<UInt8>, method: HTTPMethod) throws(BadRequest) {
        // Printable ASCII, without what no URL may hold as it is.
        guard let first = bytes.first,
            bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !Self.refused.contains($0) })
        else { throw .malformed }
        if first == 0x2A {
            guard bytes.count == 1, method == .options else { throw .malformed }
            self.init(path: "*", query: nil, authority: nil)
            return
        }
        var rest = bytes
        var authority: String?
        if first != 0x2F {
            let text = String(decoding: bytes, as: UTF8.self)
            let lower = text.lowercased()
            guard let scheme = ["http://", "https://"].first(where: { lower.hasPrefix($0) }) else {
                throw .malformed
            }
            rest = bytes.dropFirst(scheme.utf8.count)
            let end = rest.firstIndex { $0 == 0x2F || $0 == 0x3F } ?? rest.endIndex
            let name = String(decoding: rest[..<end], as: UTF8.self).lowercased()
            guard Host.isValid(name) else { throw .malformed }
            authority = name
            rest = rest[end...]
        }
        let mark = rest.firstIndex(of: 0x3F)
        let path = rest[..<(mark ?? rest.endIndex)]
        self.init(
            path: path.isEmpty ? "/" : String(decoding: path, as: UTF8.self),
            query: mark.map { String(decoding: rest[($0 + 1)...], as: UTF8.self) },
            authority: authority
        )
    }

    private init(path: String, query: String?, authority: String?) {
        self.path = path
        self.query = query
        self.authority = authority
    }

    private static let refused = Array("\"#<>\\^`{|}".utf8)
}

/// The name by which a client reached us: a registered name or an address, and maybe a port.
enum Host {
    static func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty, bytes.count <= 255 else { return false }
        var name = bytes[...]
        if bytes[0] == 0x5B {
            guard let close = bytes.firstIndex(of: 0x5D) else { return false }
            let inner = bytes[1..<close]
            guard inner.count >= 2, inner.allSatisfy(isAddressByte), inner.contains(0x3A) else {
                return false
            }
            let rest = bytes[(close + 1)...]
            return rest.isEmpty || rest.first == 0x3A && isPort(rest.dropFirst())
        }
        if let colon = bytes.firstIndex(of: 0x3A) {
            guard isPort(bytes[(colon + 1)...]) else { return false }
            name = bytes[..<colon]
        }
        guard !name.isEmpty, name.allSatisfy(isNameByte), name.first != 0x2E, name.first != 0x2D
        else { return false }
        return !zip(name, name.dropFirst()).contains { $0 == 0x2E && $1 == 0x2E }
    }

    private static func isPort(_ digits: ArraySlice<UInt8>) -> Bool {
        guard (1...5).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = Int(String(decoding: digits, as: UTF8.self))
        else { return false }
        return (1...65535).contains(port)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
    }

    private static func isAddressByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66, 0x3A, 0x2E: true
        default: false
        }
    }
}
