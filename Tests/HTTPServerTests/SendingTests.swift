import Foundation
import Testing

@testable import HTTPServer

/// Answers on their way out, and the memory that requests and answers borrow meanwhile.
@Suite struct SendingTests {
    /// So that a piece that is lost, doubled or out of place shows.
    private static func body(_ path: String) -> [UInt8] {
        Array(letters.prefix(Int(path.dropFirst()) ?? 0))
    }

    private static let letters: Data = {
        var letters = Data("abcdefghijklmnopqrstuvwxyz".utf8)
        while letters.count < 9_000_000 { letters += letters }
        return letters
    }()

    private static func echo() throws -> Running {
        try Running { request, responder in
            responder.send(HTTPResponse(contentType: "text/plain", body(request.path)))
        }
    }

    private static let paths = (0..<60).map { ["/3", "/5000", "/0", "/300000", "/70000"][$0 % 5] }

    private func check(_ all: [UInt8]) throws {
        var rest = Data(all)
        for path in Self.paths {
            let end = try #require(rest.range(of: Data("\r\n\r\n".utf8)))
            let head = String(decoding: rest[..<end.lowerBound], as: UTF8.self)
            let body = Self.body(path)
            #expect(head.contains("Content-Length: \(body.count)"))
            rest = rest[end.upperBound...]
            #expect(rest.prefix(body.count) == Data(body))
            rest = rest.dropFirst(body.count)
        }
        #expect(rest.isEmpty)
    }

    @Test func `long answers among short ones come whole and in order`() throws {
        let running = try Self.echo()
        let client = try BareClient(running.port)
        let requests = Self.paths.map { head("GET", $0) }.joined()
        client.send(requests)
        client.endSending()
        // The sockets are full long before all is made.
        Thread.sleep(forTimeInterval: 0.5)
        try check(client.readAll())
        #expect(running.logged.map(\.bytes) == Self.paths.map { Self.body($0).count })
    }

    @Test func `one that is gone in the middle of a long answer harms nobody`() throws {
        let running = try Self.echo()
        for _ in 0..<20 {
            var client: BareClient? = try BareClient(running.port)
            client?.send(head("GET", "/9000000") + head("GET", "/300000"))
            _ = client?.receive()
            client?.reset()
            client = nil
        }
        let client = try BareClient(running.port)
        client.send(head("GET", "/3", "Connection: close\r\n"))
        #expect(client.read().hasSuffix("\r\n\r\nabc"))
    }

    /// Takes so many bytes of a server's answers, and has always asked for more than that; what is
    /// unsent never comes to an end, since a socket takes less at once.
    private static func takeWithoutEnd(
        _ settings: ServerSettings,
        _ look: (Running) -> Void
    ) throws -> (Running, BareClient) {
        var settings = settings
        settings.loops = 1
        settings.unsentBytes = 4 << 20
        let running = try Running(settings) { _, responder in
            responder.send(HTTPResponse(contentType: "text/plain", body("/50000")))
        }
        let client = try BareClient(running.port, window: 16_000)
        let asked = Array(String(repeating: head("GET", "/"), count: 20_000).utf8)
        // One thread sends and the other reads: the two ways of a socket do not meet.
        nonisolated(unsafe) let sending = client
        DispatchQueue(label: "sender").async { unsafe sending.send(asked) }
        var taken = 0
        while taken < 60_000_000, let piece = client.receive(), !piece.isEmpty {
            taken += piece.count
            look(running)
        }
        #expect(taken >= 60_000_000)
        return (running, client)
    }

    @Test func `one that takes its answers and asks for more holds no more than it has not taken`()
        throws
    {
        var most = 0
        let (_, client) = try Self.takeWithoutEnd(ServerSettings()) { running in
            most = max(most, running.server.counts.reading.heldBytes)
        }
        // Twice what may be unsent, in memory that was doubled for it.
        #expect(most > 50_000 && most < 20 << 20, "\(most)")
        client.reset()
    }

    @Test func `asking for more gives no more time than what is unsent may take`() throws {
        let settings = ServerSettings {
            $0.writeSeconds = 1
            $0.writeBytesPerSecond = 1_000_000
        }
        let (running, client) = try Self.takeWithoutEnd(settings) { _ in }
        // What it took would be given more than twice as long as what is left, which has five seconds.
        for _ in 0..<450 where running.server.counts.reading.connections > 0 {
            Thread.sleep(forTimeInterval: 0.02)
        }
        #expect(running.server.counts.reading.connections == 0)
        withExtendedLifetime(client) {}
    }

    @Test
    func `who closes their half while they take an answer gets what they asked for behind it`()
        throws
    {
        let running = try Running(ServerSettings { $0.unsentBytes = 3_900_000 }) {
            request,
            responder in
            responder.send(HTTPResponse(contentType: "text/plain", Self.body(request.path)))
        }
        let client = try BareClient(running.port, window: 32_000)
        client.send(String(repeating: head("GET", "/4000000"), count: 3))
        client.endSending()
        Thread.sleep(forTimeInterval: 0.3)
        #expect(client.readAll().count > 12_000_000)
    }

    @Test func `who takes a long answer slowly is answered what they asked meanwhile`() throws {
        let running = try Running(
            ServerSettings {
                $0.headSeconds = 1
                $0.idleSeconds = 3600
            }
        ) { request, responder in
            responder.send(HTTPResponse(contentType: "text/plain", Self.body(request.path)))
        }
        func asking(_ next: String) throws -> BareClient {
            let client = try BareClient(running.port)
            client.send(head("GET", "/9000000") + next)
            return client
        }
        let whole = try asking(head("GET", "/3", "Connection: close\r\n"))
        let half = try asking("GET /4 HTTP/1.1\r\n")
        let never = try asking("GET /5 HTTP/1.1\r\n")
        // Beyond the time of a head.
        Thread.sleep(forTimeInterval: 3.5)
        #expect(whole.read().hasSuffix("\r\n\r\nabc"))
        var taken = 0
        while taken < 9_000_000, let piece = half.receive() { taken += piece.count }
        half.send("Host: a\r\nConnection: close\r\n\r\n")
        #expect(half.read().hasSuffix("\r\n\r\nabcd"))
        // From then on that of a head holds.
        #expect(never.read().contains("HTTP/1.1 408 "))
    }

    @Test func `lent memory comes back, and half a request keeps only what it needs`() throws {
        var parser = RequestParser(settings: ServerSettings(), room: SpoolRoom(0))
        var spare: [UInt8] = []
        spare.reserveCapacity(60_000)
        func feed(_ text: String) {
            unsafe Array(text.utf8).withUnsafeBytes {
                unsafe parser.append($0, lending: &spare)
            }
        }
        feed(head("GET", "/0"))
        guard case .request = try parser.next() else { throw Unexpected() }
        parser.giveBack(&spare)
        #expect(parser.heldBytes == 0 && spare.isEmpty && spare.capacity >= 60_000)
        feed(head("GET", "/1") + "GET /2 HTTP")
        guard case .request(let first, _) = try parser.next() else { throw Unexpected() }
        #expect(first.path == "/1")
        guard case .needsMore = try parser.next() else { throw Unexpected() }
        parser.giveBack(&spare)
        #expect(spare.isEmpty && spare.capacity >= 60_000)
        #expect((11..<1000).contains(parser.heldBytes))
        feed("/1.1\r\nHost: a\r\n\r\n")
        guard case .request(let second, _) = try parser.next() else { throw Unexpected() }
        #expect(second.path == "/2")
        parser.giveBack(&spare)
        #expect(parser.heldBytes == 0 && spare.capacity >= 60_000)
    }

    @Test func `bytes that are no head are refused, wherever they stop`() {
        let whole = Array(
            "GET /a?b HTTP/1.1\r\nTransfer_Encoding: x\r\nContent-Length: 3\r\nHost: a\r\n\r\n".utf8
        )
        for count in 0...whole.count {
            for end in ["", "\r", "\n", "\r\n", "\r\n\r", "\r\n\r\n", ":\r\n\r\n"] {
                let bytes = Array(whole.prefix(count)) + Array(end.utf8)
                #expect(throws: BadRequest.self) { try RequestHead(bytes, ServerSettings()) }
            }
        }
    }
}

private struct Unexpected: Error {}
