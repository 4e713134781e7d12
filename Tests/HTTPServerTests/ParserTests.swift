import Testing

@testable import HTTPServer

/// Requests as an attacker would send them, each fed whole and split at every byte: the verdict
/// must be the same.
@Suite struct ParserTests {
    enum Verdict: Equatable, CustomStringConvertible {
        case accepted([String])
        case refused(Int)
        case waits

        var description: String {
            switch self {
            case .accepted(let requests): "accepted \(requests)"
            case .refused(let status): "refused \(status)"
            case .waits: "waits"
            }
        }
    }

    static func feed(_ pieces: [[UInt8]], _ settings: ServerSettings = ServerSettings()) -> Verdict
    {
        var parser = RequestParser(settings: settings, room: SpoolRoom(settings.spooledBytes))
        var requests: [String] = []
        for piece in pieces {
            unsafe piece.withUnsafeBytes { bytes in unsafe parser.append(bytes) }
            while true {
                do throws(BadRequest) {
                    let outcome = try parser.next()
                    if case .request(let head, let body) = outcome {
                        let text = String(decoding: body.bytes ?? [], as: UTF8.self)
                        requests.append("\(head.method.name) \(head.path) \(text)")
                        continue
                    }
                    if case .wantsContinue = outcome { continue }
                } catch {
                    return .refused(error.status)
                }
                break
            }
        }
        return requests.isEmpty || !parser.isIdle ? .waits : .accepted(requests)
    }

    static func verdicts(
        _ bytes: [UInt8],
        _ settings: ServerSettings = ServerSettings()
    ) -> (whole: Verdict, drip: Verdict, halves: Set<String>) {
        let halves = Set(
            (1..<max(2, bytes.count)).map {
                feed([Array(bytes.prefix($0)), Array(bytes.dropFirst($0))], settings).description
            }
        )
        return (feed([bytes], settings), feed(bytes.map { [$0] }, settings), halves)
    }

    private func check(
        _ text: String,
        _ expected: Verdict,
        _ settings: ServerSettings = ServerSettings()
    ) {
        let found = Self.verdicts(Array(text.utf8), settings)
        #expect(found.whole == expected, "\(text.debugDescription)")
        #expect(found.drip == expected, "\(text.debugDescription) byte by byte")
        #expect(found.halves == [expected.description], "\(text.debugDescription) in two")
    }

    private static let host = "Host: a.example\r\n"

    @Test(
        arguments: [
            ("GET / HTTP/1.1\r\n\(host)\r\n", ["GET / "]),
            ("\r\nGET / HTTP/1.1\r\n\(host)\r\n", ["GET / "]),
            ("GET / HTTP/1.2\r\n\(host)\r\n", ["GET / "]),
            ("GET /a?b=c HTTP/1.1\r\n\(host)\r\n", ["GET /a "]),
            ("GET / HTTP/1.0\r\n\r\n", ["GET / "]),
            ("OPTIONS * HTTP/1.1\r\n\(host)\r\n", ["OPTIONS * "]),
            ("GET http://a.example/x HTTP/1.1\r\n\(host)\r\n", ["GET /x "]),
            ("GET http://a.example HTTP/1.1\r\n\(host)\r\n", ["GET / "]),
            ("POST / HTTP/1.1\r\n\(host)Content-Length: 3\r\n\r\nabc", ["POST / abc"]),
            ("POST / HTTP/1.1\r\n\(host)Content-Length: 0\r\n\r\n", ["POST / "]),
            (
                "POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
                ["POST / abc"]
            ),
            (
                "POST / HTTP/1.1\r\n\(host)Transfer-Encoding: Chunked\r\n\r\n"
                    + "1;x=y\r\na\r\n2\r\nbc\r\n0\r\nX-Trailer: 1\r\n\r\n",
                ["POST / abc"]
            ),
            (
                "GET /1 HTTP/1.1\r\n\(host)\r\nGET /2 HTTP/1.1\r\n\(host)\r\n",
                ["GET /1 ", "GET /2 "]
            ),
            (
                "POST /1 HTTP/1.1\r\n\(host)Content-Length: 1\r\n\r\naGET /2 HTTP/1.1\r\n\(host)\r\n",
                ["POST /1 a", "GET /2 "]
            ),
            ("GET / HTTP/1.1\r\nHost:a.example\r\nX: \t v \t\r\n\r\n", ["GET / "]),
            ("GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", ["GET / "]),
            ("GET / HTTP/1.1\r\nHost: [::ffff:1.2.3.4]:\r\n\r\n", ["GET / "]),
            ("GET / HTTP/1.1\r\nHost: localhost:\r\n\r\n", ["GET / "]),
            ("GET http://a.example:80/x HTTP/1.1\r\n\(host)\r\n", ["GET /x "]),
            ("GET https://a.example:443/x HTTP/1.1\r\n\(host)\r\n", ["GET /x "]),
            ("GET http://a.example/x HTTP/1.1\r\nHost: A.example:80\r\n\r\n", ["GET /x "]),
        ] as [(String, [String])]
    )
    func `what is right is taken`(text: String, requests: [String]) {
        check(text, .accepted(requests))
    }

    @Test(arguments: [
        "\r\n\r\nGET / HTTP/1.1\r\n\(host)\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\n\(host)\(host)\r\n",
        "GET / HTTP/1.1\r\nHost:\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a:99999\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: [:::]\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: [1:2:3:4:5:6:7:8:9]\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: [::1::2]\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: [1.2.3.4]\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: :\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a::\r\n\r\n",
        "GET http://a.example:443/ HTTP/1.1\r\n\(host)\r\n",
        "GET https://a.example:80/ HTTP/1.1\r\n\(host)\r\n",
        "GET http://a.example:81/ HTTP/1.1\r\n\(host)\r\n",
        "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a,b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: ..\r\n\r\n",
        "GET http://b.example/ HTTP/1.1\r\n\(host)\r\n",
        "GET ftp://a.example/ HTTP/1.1\r\n\(host)\r\n",
        "GET a HTTP/1.1\r\n\(host)\r\n",
        "GET /a b HTTP/1.1\r\n\(host)\r\n",
        "GET  / HTTP/1.1\r\n\(host)\r\n",
        "GET / HTTP/1.1 \r\n\(host)\r\n",
        "GET /\r\n\(host)\r\n",
        "GET / HTTP/11\r\n\(host)\r\n",
        "GET / http/1.1\r\n\(host)\r\n",
        "GET * HTTP/1.1\r\n\(host)\r\n",
        "GET /\u{7F} HTTP/1.1\r\n\(host)\r\n",
        "GET /é HTTP/1.1\r\n\(host)\r\n",
        "GET /<a> HTTP/1.1\r\n\(host)\r\n",
        "GET /#a HTTP/1.1\r\n\(host)\r\n",
        "G ET / HTTP/1.1\r\n\(host)\r\n",
        "G(T / HTTP/1.1\r\n\(host)\r\n",
        "CONNECT a.example:443 HTTP/1.1\r\n\(host)\r\n",
        "GET / HTTP/1.1\n\(host)\r\n",
        "GET / HTTP/1.1\r\nHost: a.example\n\r\n",
        "GET / HTTP/1.1\r\n\(host)X: a\rb\r\n\r\n",
        "GET / HTTP/1.1\r\n\(host)X: a\u{0}b\r\n\r\n",
        "GET / HTTP/1.1\r\n\(host)X: a\u{1}b\r\n\r\n",
        "GET / HTTP/1.1\r\n\(host)X: a\r\n b\r\n\r\n",
        "GET / HTTP/1.1\r\n\(host)X: a\r\n\tb\r\n\r\n",
        "GET / HTTP/1.1\r\n X: a\r\n\(host)\r\n",
        "GET / HTTP/1.1\r\n\(host)X : a\r\n\r\n",
        "GET / HTTP/1.1\r\n\(host)X\t: a\r\n\r\n",
        "GET / HTTP/1.1\r\n\(host): a\r\n\r\n",
        "GET / HTTP/1.1\r\n\(host)X\r\n\r\n",
        "GET / HTTP/1.1\r\n\(host)X(: a\r\n\r\n",
        "GET / HTTP/1.1\r\n\(host)É: a\r\n\r\n",
        "POST / HTTP/1.1\r\n\(host)Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
        "POST / HTTP/1.1\r\n\(host)Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
        "POST / HTTP/1.1\r\n\(host)Content-Length: 3, 3\r\n\r\nabc",
        "POST / HTTP/1.1\r\n\(host)Content-Length: +3\r\n\r\nabc",
        "POST / HTTP/1.1\r\n\(host)Content-Length: -3\r\n\r\nabc",
        "POST / HTTP/1.1\r\n\(host)Content-Length: 0x3\r\n\r\nabc",
        "POST / HTTP/1.1\r\n\(host)Content-Length: 3 3\r\n\r\nabc",
        "POST / HTTP/1.1\r\n\(host)Content-Length:\r\n\r\nabc",
        "POST / HTTP/1.1\r\n\(host)Content-Length: 99999999999999999999\r\n\r\nabc",
        "POST / HTTP/1.1\r\n\(host)Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\n\(host)Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\n\(host)Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\n\(host)Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\n\(host)Transfer-Encoding:\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\n\(host)Transfer_Encoding : chunked\r\n\r\n",
        "POST / HTTP/1.0\r\n\(host)Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\ng\r\n",
        "POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n\r\n",
        "POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n-1\r\n",
        "POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n0x1\r\n",
        "POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n 1\r\na\r\n",
        "POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n1 \r\na\r\n",
        "POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n1\na\r\n",
        "POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
        "POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n1\r\na\n0\r\n\r\n",
        "POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n0\r\nX : a\r\n\r\n",
        "POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n1111111111111111\r\n",
        "\r\n\r\nGET / HTTP/1.1\r\n\(host)\r\n",
        "\r\n\r\n\r\n",
        "\u{16}\u{3}\u{1}\u{0}",
    ])
    func `what is doubtful is refused`(text: String) {
        check(text, .refused(400))
    }

    @Test func `what is too much has its own answer`() {
        let field = String(repeating: "a", count: 17_000)
        #expect(
            Self.feed([Array("GET / HTTP/1.1\r\n\(Self.host)X: \(field)\r\n\r\n".utf8)])
                == .refused(431)
        )
        let fields = (0..<101).map { "X\($0): a\r\n" }.joined()
        #expect(
            Self.feed([Array("GET / HTTP/1.1\r\n\(Self.host)\(fields)\r\n".utf8)]) == .refused(431)
        )
        let chunked = "POST / HTTP/1.1\r\n\(Self.host)Transfer-Encoding: chunked\r\n\r\n0\r\n"
        check(chunked + "X: \(field)\r\n\r\n", .refused(431))
        check("POST / HTTP/1.1\r\n\(Self.host)Content-Length: 262145\r\n\r\n", .refused(413))
        check(
            "POST / HTTP/1.1\r\n\(Self.host)Transfer-Encoding: chunked\r\n\r\n40001\r\n",
            .refused(413)
        )
        check("\(String(repeating: "X", count: 40)) / HTTP/1.1\r\n\(Self.host)\r\n", .refused(501))
        check("GET / HTTP/2.0\r\n\(Self.host)\r\n", .refused(505))
        check("GET / HTTP/0.9\r\n\(Self.host)\r\n", .refused(505))
        check("GET / HTTP/1.1\r\n\(Self.host)Expect: wonders\r\n\r\n", .refused(417))
    }

    @Test(arguments: [
        (";a", true), (";a=b", true), (";a=\"b c\"", true), (";a=\"\\\"\";b", true),
        ("; a = b", true),
        (";a=b ;\tc", true), (";", false), ("; =x", false), (";a=\"x", false), (";a=", false),
        (";a=\"x\\", false), (";a;", false), (";a b", false), (";a ", false), (" ;a", false),
        (";a=\"b\"c", false), (";a=b=c", false), (";(", false), (";a=\"\u{1}\"", false),
    ])
    func `what follows a chunk's size is an extension or refused`(text: String, isRight: Bool) {
        let request = "POST / HTTP/1.1\r\n\(Self.host)Transfer-Encoding: chunked\r\n\r\n"
        check(
            "\(request)1\(text)\r\na\r\n0\(text)\r\n\r\n",
            isRight ? .accepted(["POST / a"]) : .refused(400)
        )
    }

    @Test func `after a body in chunks may come as many fields as before it`() {
        let request = "POST / HTTP/1.1\r\n\(Self.host)Transfer-Encoding: chunked\r\n\r\n0\r\n"
        func feed(_ count: Int) -> Verdict {
            let fields = (0..<count).map { "X\($0): a\r\n" }.joined()
            return Self.feed([Array("\(request)\(fields)\r\n".utf8)])
        }
        #expect(feed(100) == .accepted(["POST / "]))
        #expect(feed(101) == .refused(431))
    }

    @Test(arguments: [
        ("bytes=0-0", ByteRange.range(0..<1)), ("bytes=2-", .range(2..<10)),
        ("bytes=-3", .range(7..<10)), ("bytes=-99", .range(0..<10)), ("bytes=5-99", .range(5..<10)),
        ("bytes=10-", .beyond), ("bytes=-0", .beyond), ("bytes=3-2", .ignored),
        ("bytes=a-b", .ignored), ("items=0-1", .ignored), ("bytes=-", .ignored),
        ("bytes=99999999999999999999-5", .ignored), ("bytes=99999999999999999999-", .beyond),
        ("bytes=0-99999999999999999999", .range(0..<10)),
        ("bytes=-99999999999999999999", .range(0..<10)),
    ])
    func `a range is read as the standard says`(field: String, range: ByteRange) {
        #expect(ByteRange.read(field, of: 10) == range)
    }

    @Test func `a request line may be just as long as is allowed`() {
        var settings = ServerSettings()
        settings.lineBytes = 40
        let path = "/" + String(repeating: "a", count: 40 - "GET / HTTP/1.1".utf8.count)
        let rest = " HTTP/1.1\r\n\(Self.host)\r\n"
        check("GET \(path)\(rest)", .accepted(["GET \(path) "]), settings)
        check("GET \(path)a\(rest)", .refused(414), settings)
        check(String(repeating: "a", count: 41), .refused(414), settings)
        check(String(repeating: "a", count: 40) + "\r\u{0}", .refused(400), settings)
    }
}
