import Basics
import Foundation
import Testing

@testable import HTTPServer

/// What is sent of a file: which of its two representations, whole, in part, or not at all.
@Suite struct StaticFileTests {
    private static let plain = Array(String(repeating: "Disallow: /static/\n", count: 40).utf8)

    private let files: StaticFiles
    private let plainTag: String
    private let gzipTag: String

    init() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "kith-files-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(Self.plain).write(to: folder.appending(path: "robots.txt"))
        let loaded = try StaticFiles.load(folder: folder.path)
        func tag(_ coding: String) -> String? {
            Self.ask(loaded, .get, [("accept-encoding", coding)])?.headers["etag"]
        }
        files = loaded
        plainTag = try #require(tag("identity"))
        gzipTag = try #require(tag("gzip"))
    }

    private static func ask(
        _ files: StaticFiles,
        _ method: HTTPMethod,
        _ fields: [(String, String)]
    ) -> HTTPResponse? {
        files.response(
            for: HTTPRequest(
                method: method,
                path: files.url("robots.txt"),
                headers: HTTPHeaders(fields),
                receivedAt: Instant(milliseconds: 0)
            )
        )
    }

    private func get(_ fields: (String, String)...) throws -> HTTPResponse {
        let head = try #require(Self.ask(files, .head, fields))
        let response = try #require(Self.ask(files, .get, fields))
        if !fields.contains(where: { $0.0 == "range" }) { #expect(head.status == response.status) }
        return response
    }

    @Test func `the file as it is and compressed have each a tag of its own`() throws {
        #expect(plainTag != gzipTag)
        for (coding, tag) in [("gzip", gzipTag), ("", plainTag)] {
            let response = try get(("accept-encoding", coding))
            #expect(response.headers["etag"] == tag)
            #expect(response.headers["vary"] == "Accept-Encoding")
            #expect((response.headers["content-encoding"] == "gzip") == (tag == gzipTag))
            #expect((response.body.all == Self.plain) == (tag == plainTag))
        }
    }

    @Test func `what a client keeps and may be sent is not sent again, whichever it is`() throws {
        for list in ["\(gzipTag)", "W/\(gzipTag)", "\"x\"\t,\t\(gzipTag)", "*", ",,\(gzipTag),"] {
            let response = try get(("if-none-match", list), ("accept-encoding", "gzip"))
            #expect(response.status == 304 && response.headers["etag"] == gzipTag, "\(list)")
            #expect(response.body.count == 0 && response.headers["vary"] == "Accept-Encoding")
        }
        let kept = try get(("if-none-match", plainTag), ("accept-encoding", "gzip"))
        #expect(kept.status == 304 && kept.headers["etag"] == plainTag)
        // It cannot unpack what it names.
        #expect(try get(("if-none-match", gzipTag)).status == 200)
        for list in ["\"x\"", "x", "\(plainTag) \"x\"", "w/\(plainTag)", "*, \(plainTag)", ""] {
            #expect(try get(("if-none-match", list)).status == 200, "\(list)")
        }
        #expect(EntityTags("\"a,b\"") == .these([.init(text: "a,b")]))
    }

    @Test func `a part is of the representation that the client has`() throws {
        let gzip = try get(("accept-encoding", "gzip")).body.all
        let range = ("range", "bytes=2-5")
        let plainPart = try get(range, ("if-range", plainTag), ("accept-encoding", "gzip"))
        #expect(plainPart.status == 206 && plainPart.body.all == Array(Self.plain[2...5]))
        #expect(plainPart.headers["etag"] == plainTag)
        #expect(plainPart.headers["content-encoding"] == nil)
        let gzipPart = try get(range, ("if-range", gzipTag), ("accept-encoding", "gzip"))
        #expect(gzipPart.status == 206 && gzipPart.body.all == Array(gzip[2...5]))
        #expect(gzipPart.headers["etag"] == gzipTag)
        #expect(gzipPart.headers["content-range"] == "bytes 2-5/\(gzip.count)")
        #expect(gzipPart.headers["content-encoding"] == "gzip")
        // Without a condition, what anybody can put together.
        let part = try get(range, ("accept-encoding", "gzip"))
        #expect(part.status == 206 && part.headers["etag"] == plainTag)
        for condition in [gzipTag, "W/\(plainTag)", "\"x\"", "Sat, 21 Nov 2026 09:00:00 GMT"] {
            let whole = try get(range, ("if-range", condition))
            #expect(whole.status == 200 && whole.body.all == Self.plain, "\(condition)")
        }
        let beyond = try get(("range", "bytes=9999-"), ("accept-encoding", "gzip"))
        #expect(beyond.status == 416)
        #expect(beyond.headers["content-range"] == "bytes */\(Self.plain.count)")
        #expect(beyond.headers["cache-control"] == "no-store")
    }

    @Test func `If-Match is looked at before all else`() throws {
        for list in ["\"x\"", "W/\(plainTag)", "x", "", "\(plainTag) \"x\"", gzipTag] {
            let response = try get(("if-match", list), ("if-none-match", plainTag))
            #expect(response.status == 412, "\(list)")
            #expect(response.headers["etag"] == nil)
            #expect(try get(("if-match", list), ("range", "bytes=0-1")).status == 412)
        }
        for list in ["*", plainTag, "\"x\", \(plainTag)"] {
            #expect(try get(("if-match", list)).status == 200, "\(list)")
            #expect(try get(("if-match", list), ("if-none-match", plainTag)).status == 304)
            #expect(try get(("if-match", list), ("range", "bytes=0-1")).status == 206)
        }
        let matched = try get(("if-match", plainTag), ("accept-encoding", "gzip"))
        #expect(matched.status == 200 && matched.headers["etag"] == plainTag)
        // When it was changed is not told, so it cannot be asked.
        let date = "Mon, 01 Jan 2001 00:00:00 GMT"
        #expect(try get(("if-unmodified-since", date)).status == 200)
        #expect(try get(("if-modified-since", date)).status == 200)
    }

    @Test(arguments: [
        ("gzip", "gzip identity"), ("br, GZIP;q=0.1", "gzip identity"), ("*", "gzip identity"),
        ("deflate;q=0, gzip ;\tq=1", "gzip identity"), ("x-gzip", "gzip identity"),
        ("gzip;q=0.5, identity;q=0.8", "identity gzip"), ("gzip;q=0.001", "gzip identity"),
        ("identity;q=0, gzip", "gzip"), ("identity;q=0, *", "gzip"), ("*;q=0, gzip", "gzip"),
        ("gzip;q=0, *", "identity"), ("identity;q=0", "identity"), ("", "identity"),
        ("gzip;q=0", "identity"), ("gzip; q=0.000", "identity"), ("xgzip", "identity"),
        ("identity", "identity"), ("*;q=0", "identity"), ("gzip;q=2", "identity"),
        ("gzip;q=x", "identity"), ("gzip;q=", "identity"), ("gzip;q=1;q=0", "identity"),
        ("gzip,gzip;q=0", "identity"), ("gzip;q=1.001", "identity"), (";q=1", "identity"),
    ])
    func `the coding that a client would rather have comes first`(field: String, codings: String) {
        let found = AcceptedCodings(field).inOrder.map { "\($0)" }.joined(separator: " ")
        #expect(found == codings)
    }

    @Test func `what may be compressed says that it varies, whether it is or not`() throws {
        let running = try Running { request, responder in
            var response = HTTPResponse.text(String(repeating: "a", count: 2000))
            response.isCompressible = request.path != "/secret"
            responder.send(response)
        }
        func fields(_ path: String, _ coding: String) throws -> [Substring] {
            let client = try BareClient(running.port)
            client.send(head("GET", path, "Accept-Encoding: \(coding)\r\nConnection: close\r\n"))
            return client.read().split(separator: "\r\n")
        }
        #expect(try fields("/", "gzip").contains("Vary: Accept-Encoding"))
        #expect(try fields("/", "gzip").contains("Content-Encoding: gzip"))
        #expect(try fields("/", "br").contains("Vary: Accept-Encoding"))
        #expect(try !fields("/", "gzip;q=0.5, identity").contains("Content-Encoding: gzip"))
        #expect(try !fields("/secret", "gzip").contains("Vary: Accept-Encoding"))
    }
}
