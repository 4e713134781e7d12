@testable import HTTPServer

/// The request parser: the same bytes give the same verdict however they were split; what is
/// accepted is within every limit, has one meaning, and written out plainly reads the same.
enum RequestTarget {
    static func check(_ bytes: [UInt8]) throws {
        for settings in [ServerSettings(), narrow] {
            let whole = try Reading([bytes], settings)
            for pieces in splits(bytes) {
                try same(try Reading(pieces, settings), whole, "split into \(pieces.count)")
            }
            for request in whole.requests { try check(request, settings) }
        }
        let plain = try Reading([bytes], ServerSettings()).requests.filter { !$0.isOld }
        let again = try Reading([plain.flatMap(\.plainly)], ServerSettings())
        try same(again.requests.map(\.meaning), plain.map(\.meaning), "written plainly")
        try same(again.end, .idle, "written plainly")
    }

    /// So small that a fuzzer reaches every limit.
    private static let narrow: ServerSettings = {
        var settings = ServerSettings()
        settings.lineBytes = 40
        settings.fieldBytes = 40
        settings.fieldCount = 4
        settings.headBytes = 150
        settings.bodyBytes = 24
        settings.memoryBodyBytes = 12
        settings.trailerBytes = 24
        return settings
    }()

    private static func splits(_ bytes: [UInt8]) -> [[[UInt8]]] {
        var numbers = InputNumbers(bytes)
        let first = numbers.below(bytes.count)
        let second = first + numbers.below(bytes.count - first)
        var splits = [
            [Array(bytes[..<first]), Array(bytes[first...])],
            [Array(bytes[..<first]), Array(bytes[first..<second]), Array(bytes[second...])],
        ]
        if bytes.count <= 1024 { splits.append(bytes.map { [$0] }) }
        return splits
    }

    private static func check(_ request: ReadRequest, _ settings: ServerSettings) throws {
        let head = request.head
        try hold(head.method.name.utf8.allSatisfy(isTokenByte), "the method is a token")
        try hold(head.path.hasPrefix("/") || head.path == "*", "the path is a path")
        try hold(
            (head.path + (head.query ?? "")).utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F },
            "the target is printable"
        )
        try hold(head.host.isEmpty || Host.isValid(Array(head.host.utf8)[...]), "the host is one")
        try hold(head.headers.count <= settings.fieldCount, "as many fields as are allowed")
        try hold(request.body.count <= settings.bodyBytes, "as much of a body as is allowed")
        let hosts = head.headers.all("host")
        let lengths = head.headers.all("content-length")
        let codings = head.headers.all("transfer-encoding")
        try hold(hosts.count <= 1 && lengths.count + codings.count <= 1, "one meaning")
        switch head.framing {
        case .none: try same(request.body.count, 0, "no body was announced")
        case .length(let count): try same(request.body.count, count, "the length announced")
        case .chunked:
            try same(
                codings.map { Array($0.utf8.map { $0 | 0x20 }) },
                [Array("chunked".utf8)],
                "chunks"
            )
        }
        for name in ReadRequest.telling {
            let isSafe = (head.headers[name] ?? "").utf8.allSatisfy { $0 != 0x0D && $0 != 0x0A }
            try hold(isSafe, "\(name) is one line")
        }
    }
}

private struct ReadRequest: Equatable {
    static let telling = ["cookie", "content-type", "range", "accept-language", "connection", "x"]

    let head: RequestHead
    let body: [UInt8]

    /// HTTP/1.0 may come without a host; it cannot be written as HTTP/1.1.
    var isOld: Bool { head.host.isEmpty }

    var meaning: [String] {
        [head.method.name, head.path, head.query ?? "none", head.host]
            + Self.telling.map { Self.withoutBlanksAtTheEnd(head.headers[$0] ?? "none") }
            + ["\(body)"]
    }

    /// A field that comes a second time, and empty, leaves one behind the comma, which means
    /// nothing and is not read again.
    private static func withoutBlanksAtTheEnd(_ text: String) -> String {
        var text = text
        while text.last == " " { text.removeLast() }
        return text
    }

    /// One spelling, without anything that was optional.
    var plainly: [UInt8] {
        let query = head.query.map { "?\($0)" } ?? ""
        let fields = Self.telling.compactMap { name in
            head.headers[name].map { "\(name): \($0)\r\n" }
        }
        let text =
            "\(head.method.name) \(head.path)\(query) HTTP/1.1\r\nHost: \(head.host)\r\n"
            + fields.joined() + "Content-Length: \(body.count)\r\n\r\n"
        return Array(text.utf8) + body
    }

    static func == (left: ReadRequest, right: ReadRequest) -> Bool {
        left.meaning == right.meaning && left.head.framing == right.head.framing
            && left.head.keepsAlive == right.head.keepsAlive
            && left.head.expectsContinue == right.head.expectsContinue
    }
}

/// What a connection's bytes were taken for.
private struct Reading: Equatable {
    enum End: Equatable {
        case idle
        case inHead
        case inBody
        case refused(Int)
    }

    var requests: [ReadRequest] = []
    var end = End.idle

    init(_ pieces: [[UInt8]], _ settings: ServerSettings) throws {
        var parser = RequestParser(settings: settings, room: SpoolRoom(settings.spooledBytes))
        for piece in pieces {
            var none: [UInt8] = []
            unsafe piece.withUnsafeBytes { unsafe parser.append($0, lending: &none) }
            do {
                while try take(&parser) {}
            } catch let refusal as BadRequest {
                end = .refused(refusal.status)
                return
            }
            try hold(
                parser.waitingCount <= max(settings.headBytes, settings.trailerBytes, 300) + 2,
                "what waits is bounded"
            )
        }
        end = parser.isIdle ? .idle : parser.isReadingBody ? .inBody : .inHead
    }

    private mutating func take(_ parser: inout RequestParser) throws -> Bool {
        switch try parser.next() {
        case .needsMore: return false
        case .wantsContinue: return true
        case .request(let head, let body):
            requests.append(ReadRequest(head: head, body: try body.read(0..<body.count)))
            return true
        }
    }
}
