import Dispatch
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import HTTPServer

/// The memory that all connections hold together.
@Suite struct HeldTests {
    private static let slow = DispatchQueue(label: "slow", attributes: .concurrent)

    private static func settings(_ heldBytes: Int, connections: Int = 1000) -> ServerSettings {
        ServerSettings {
            $0.heldBytes = heldBytes
            $0.bodyBytes = 9 << 20
            $0.connections = connections
            $0.loops = 1
        }
    }

    /// Tells how long a body was; `/slow` a while later, `/page` is long, `/stream` has no end.
    private static func serving(_ settings: ServerSettings) throws -> Running {
        let page = [UInt8](repeating: 0x61, count: 300_000)
        return try Running(settings) { request, responder in
            switch request.path {
            case "/page": responder.send(HTTPResponse(contentType: "text/plain", page))
            case "/slow":
                slow.asyncAfter(deadline: .now() + 4) {
                    responder.send(.text("\(request.body.count) bytes."))
                }
            case "/stream":
                let stream = ResponseStream()
                responder.send(HTTPResponse(body: .stream(stream)))
                slow.async { while (try? stream.write(Array(page.prefix(50_000)))) != nil {} }
            default: responder.send(.text("\(request.body.count) bytes."))
            }
        }
    }

    private static func held(_ running: Running) -> Int {
        running.server.counts.reading.heldBytes
    }

    private static func post(_ path: String, _ announced: Int, sent: Int) -> [UInt8] {
        Array(head("POST", path, "Content-Length: \(announced)\r\n").utf8)
            + [UInt8](repeating: 0x62, count: sent)
    }

    @Test func `over the limit the slowest is told to come again, and who has just come is heard`()
        throws
    {
        let running = try Self.serving(Self.settings(1_000_000, connections: 10))
        let modest = try BareClient(running.port)
        modest.send("GET /modest HTTP/1.1\r\n")
        Thread.sleep(forTimeInterval: 0.1)
        let slow = try (0..<8).map { _ in
            let client = try BareClient(running.port)
            client.send(Self.post("/", 150_000, sent: 140_000))
            Thread.sleep(forTimeInterval: 0.1)
            return client
        }
        #expect(Self.held(running) <= 1_000_000)
        let refusal = slow[0].read()
        #expect(refusal.hasPrefix("HTTP/1.1 503 ") && refusal.contains("\r\nRetry-After: "))
        slow[7].send([UInt8](repeating: 0x62, count: 10_000))
        #expect(slow[7].read(until: "bytes.").hasSuffix("150000 bytes."))
        // The first of all, but it never held more than its part.
        modest.send("Host: a\r\n\r\n")
        #expect(modest.read(until: "bytes.").hasSuffix("0 bytes."))
        for client in slow { client.reset() }
    }

    @Test func `a request in hand counts until it is answered, even when its client was given up`()
        throws
    {
        var settings = Self.settings(300_000)
        settings.answerSeconds = 1
        let running = try Self.serving(settings)
        let client = try BareClient(running.port)
        client.send(Self.post("/slow", 100_000, sent: 100_000))
        #expect(client.read().hasPrefix("HTTP/1.1 503 "))
        #expect(Self.held(running) >= 100_000)
        // For a second one as long there is no room, for a short one there is.
        let long = try BareClient(running.port)
        long.send(Self.post("/", 200_000, sent: 200_000))
        #expect(long.read().hasPrefix("HTTP/1.1 503 "))
        let short = try BareClient(running.port)
        short.send(Self.post("/", 3000, sent: 3000))
        #expect(short.read(until: "bytes.").hasSuffix("3000 bytes."))
        #expect(comes { Self.held(running) == 0 })
        short.send(Self.post("/", 200_000, sent: 200_000))
        #expect(short.read(until: "bytes.").hasSuffix("200000 bytes."))
    }

    @Test func `an answer that is not taken and a stream that is not read make room`() throws {
        let running = try Self.serving(Self.settings(400_000))
        let clients = try (0..<6).map { number in
            let client = try BareClient(running.port)
            let path = number % 2 == 0 ? "/stream" : "/page"
            client.send(String(repeating: head("GET", path), count: 60))
            return client
        }
        // What an answer takes is counted when it is there, and then room is made for it.
        let makesRoom = comes {
            running.server.counts.reading.connections < 6 && Self.held(running) <= 400_000
        }
        #expect(makesRoom)
        for client in clients { client.reset() }
    }

    @Test func `whatever many clients do, the limit holds, a good one is heard, and nothing stays`()
        throws
    {
        let limit = 4_000_000
        var settings = Self.settings(limit)
        settings.loops = 2
        let running = try Self.serving(settings)
        let most = Atomic<Int>(0)
        let isOver = Atomic<Bool>(false)
        let watched = DispatchSemaphore(value: 0)
        // On a thread of its own, since makers of streams may have all that queues are given.
        Thread.detachNewThread {
            while !isOver.load(ordering: .relaxed) {
                most.max(Self.held(running), ordering: .relaxed)
                usleep(500)
            }
            watched.signal()
        }
        defer { isOver.store(true, ordering: .relaxed) }
        var random = Seeded(state: 5)
        var clients: [BareClient] = []
        let good = try BareClient(running.port)
        for turn in 0..<400 {
            let client = try BareClient(running.port, seconds: 1)
            clients.append(client)
            let some = Int.random(in: 0..<600_000, using: &random)
            switch Int.random(in: 0..<9, using: &random) {
            case 0: client.send(head("GET", "/").dropLast(2) + String(repeating: "a", count: 9000))
            case 1: client.send(head("GET", "/x", "A: b\r\n").dropLast(2) + "C: d")
            case 2: client.send(Self.post("/", 900_000, sent: some))
            case 3: client.send(Self.post("/upload", 5_000_000, sent: some))
            case 4: client.send(Self.post("/slow", 90_000, sent: 90_000 + some))
            case 5: client.send(head("GET", "/slow") + String(repeating: "GET / ", count: 20_000))
            case 6: client.send(String(repeating: head("GET", "/page"), count: 20))
            case 7: client.send(head("GET", "/stream"))
            default: client.send(Array("POST / HTTP/1.1\r\nContent-Length: ?\r\n\r\n".utf8))
            }
            if clients.count > 150 {
                let gone = clients.remove(at: .random(in: 0..<clients.count, using: &random))
                if turn % 2 == 0 { gone.reset() }
            }
            if turn % 10 == 0 {
                good.send(Self.post("/", 9000, sent: 9000))
                #expect(good.read(until: "bytes.").hasSuffix("9000 bytes."))
            }
        }
        isOver.store(true, ordering: .relaxed)
        try #require(watched.comes())
        let reached = most.load(ordering: .relaxed)
        // One loop may have had nearly all of them, and each has half of the limit. What is being
        // worked on at the moment is counted when it is put down: one connection in each loop.
        #expect(reached > limit / 4 && reached <= limit + 2_000_000)
        clients = []
        #expect(comes { Self.held(running) == 0 })
        #expect(comes { running.server.counts.reading.connections == 1 })
    }
}

/// The same numbers each time.
private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
