import Dispatch
import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import HTTPServer

/// Connections that end, or that ought to.
@Suite struct ClosingTests {
    private static func pair() -> (Int32, Int32) {
        var ends: [Int32] = [0, 0]
        unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends)
        return (ends[0], ends[1])
    }

    @Test func `nothing is read from or written to a descriptor that was given up`() throws {
        let (mine, other) = Self.pair()
        let connection = Connection(
            mine,
            "127.0.0.1",
            1,
            RequestParser(settings: ServerSettings(), room: SpoolRoom(0)),
            nil,
            deadline: 0
        )
        connection.close()
        close(other)
        // The next to be opened gets the same number.
        let (strangers, end) = Self.pair()
        defer { for descriptor in [strangers, end] { close(descriptor) } }
        try #require(strangers == mine || end == mine)
        let secret = Array("secret".utf8)
        #expect(connection.write(secret[...]).isNothing)
        #expect(connection.write(secret[...], secret[...]).isNothing)
        connection.close()
        var flags = fcntl(strangers, F_GETFD)
        #expect(flags >= 0)
        for descriptor in [strangers, end] {
            flags = fcntl(descriptor, F_SETFL, O_NONBLOCK)
            var byte: UInt8 = 0
            #expect(unsafe recv(descriptor, &byte, 1, 0) == -1 && errno == EAGAIN)
        }
    }

    @Test func `one that resets before it is asked for its body leaves nothing for the next`()
        throws
    {
        let running = try Running { _, responder in
            responder.send(.text(String(repeating: "secret", count: 1000)))
        }
        let requests =
            String(repeating: head("GET", "/"), count: 3)
            + head("POST", "/", "Content-Length: 5\r\nExpect: 100-continue\r\n")
        for _ in 0..<300 {
            var attacker: BareClient? = try BareClient(running.port)
            attacker?.send(requests)
            attacker?.reset()
            attacker = nil
            let silent = try (0..<3).map { _ in try BareClient(running.port, seconds: 1) }
            let last = silent[2]
            last.send(head("GET", "/", "Connection: close\r\n"))
            #expect(last.read().hasPrefix("HTTP/1.1 200 "))
            for client in silent.dropLast() { client.endSending() }
            #expect(silent.dropLast().allSatisfy { $0.read().isEmpty })
        }
    }

    /// What the stop said, and the time it took is less than its grace.
    private static func stopping(_ running: Running, grace: Int) -> @Sendable () -> Bool {
        let done = DispatchSemaphore(value: 0)
        let isWhole = Mutex(false)
        DispatchQueue(label: "stop").async {
            let whole = running.server.stop(graceSeconds: grace)
            isWhole.withLock { $0 = whole }
            done.signal()
        }
        return {
            done.comes() && isWhole.withLock { $0 }
        }
    }

    /// More than the sockets of both ends take.
    private static let long = [UInt8](repeating: 0x61, count: 12_000_000)

    @Test func `a server that stops lets go of who took a long answer only afterwards`() throws {
        let running = try Running { _, responder in
            responder.send(HTTPResponse(contentType: "text/plain", Self.long))
        }
        let client = try BareClient(running.port)
        client.send(head("GET", "/"))
        Thread.sleep(forTimeInterval: 0.3)
        let isWhole = Self.stopping(running, grace: 20)
        // Beyond the time that a kept connection has.
        Thread.sleep(forTimeInterval: 0.6)
        #expect(client.readAll().count > Self.long.count)
        #expect(isWhole())
    }

    @Test func `an answer made while the server stops says that it is the last`() throws {
        let held = Mutex<[Responder]>([])
        let running = try Running { request, responder in
            if request.path == "/slow" { return held.withLock { $0.append(responder) } }
            responder.send(.text("answer to \(request.path)."))
        }
        let one = try BareClient(running.port)
        one.send(head("GET", "/slow"))
        let both = try BareClient(running.port)
        both.send(head("GET", "/slow") + head("GET", "/next"))
        try #require(comes { held.withLock { $0.count } == 2 })
        let isWhole = Self.stopping(running, grace: 20)
        try #require(comes { (try? BareClient(running.port)) == nil })
        for responder in held.withLock({ $0 }) { responder.send(.text("answer to /slow.")) }
        let last = one.read()
        #expect(last.contains("\r\nConnection: close\r\n") && last.hasSuffix("answer to /slow."))
        let answers = both.read().components(separatedBy: "answer to ")
        try #require(answers.count == 3)
        #expect(!answers[0].contains("Connection: close"))
        #expect(answers[1].contains("\r\nConnection: close\r\n"))
        #expect(isWhole())
    }

    @Test func `asking for more buys no time to take what was answered`() throws {
        let running = try Running(
            ServerSettings {
                $0.writeSeconds = 1
                $0.writeBytesPerSecond = 1_000_000_000
                $0.unsentBytes = 64 << 20
            }
        ) { _, responder in
            responder.send(HTTPResponse(contentType: "text/plain", Self.long))
        }
        let client = try BareClient(running.port)
        client.send(head("GET", "/"))
        var isTaken = true
        for _ in 0..<80 where isTaken {
            Thread.sleep(forTimeInterval: 0.25)
            isTaken = client.send(Array(head("HEAD", "/").utf8))
        }
        #expect(!isTaken)
    }

    @Test func `what came quickly in the beginning of a body buys no silence`() throws {
        let running = try Running(
            ServerSettings {
                $0.bodySeconds = 1
                $0.bodyBytesPerSecond = 100
            }
        ) { _, responder in responder.send(.text("whole")) }
        let client = try BareClient(running.port, seconds: 15)
        client.send(head("POST", "/", "Content-Length: 200000\r\n"))
        client.send([UInt8](repeating: 1, count: 199_999))
        #expect(client.read().hasPrefix("HTTP/1.1 408 "))
    }

    @Test func `a head that comes behind another request has the time of a head`() throws {
        let running = try Running(
            ServerSettings {
                $0.headSeconds = 1
                $0.idleSeconds = 3600
            }
        ) { _, responder in responder.send(.text("first")) }
        let client = try BareClient(running.port, seconds: 15)
        client.send(head("GET", "/") + "GET /second HTTP/1.1\r\nHost:")
        let text = client.read()
        #expect(text.contains("first") && text.contains("HTTP/1.1 408 "))
    }

    @Test func `any number of streams may be asked for at once with HEAD`() throws {
        let running = try Running { _, responder in
            responder.send(HTTPResponse(body: .stream(ResponseStream(isEvents: true))))
        }
        let client = try BareClient(running.port)
        let count = 3000
        client.send(
            String(repeating: head("HEAD", "/"), count: count)
                + head("HEAD", "/", "Connection: close\r\n")
        )
        #expect(client.read().components(separatedBy: "HTTP/1.1 200 ").count == count + 2)
    }

    @Test func `one that speaks HTTP 1.0 is told that its connection is kept`() throws {
        let running = try Running { _, responder in responder.send(.text("yes")) }
        let client = try BareClient(running.port)
        client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        #expect(client.read(until: "yes").contains("\r\nConnection: keep-alive\r\n"))
        client.send("GET / HTTP/1.0\r\n\r\n")
        #expect(client.read().contains("\r\nConnection: close\r\n"))
    }

    @Test func `a refusal to HEAD has no body, and its log has its time and length`() throws {
        let settings = ServerSettings {
            $0.bodyBytes = 10
            $0.loops = 1
        }
        let running = try Running(settings) { _, responder in responder.send(.text("yes")) }
        for (method, hasBody) in [("HEAD", false), ("POST", true)] {
            let client = try BareClient(running.port)
            client.send(head(method, "/", "Content-Length: 11\r\n"))
            let text = client.read()
            #expect(text.hasPrefix("HTTP/1.1 413 "))
            #expect(text.hasSuffix("\r\n\r\n") == !hasBody)
        }
        for _ in 0..<250 where running.logged.count < 2 { usleep(20_000) }
        #expect(running.logged.map { $0.bytes > 0 } == [false, true])
    }

    @Test func `a HEAD for which there is no memory hears 503 without a body`() throws {
        let settings = ServerSettings {
            $0.heldBytes = 1000
            $0.loops = 1
        }
        let running = try Running(settings) { _, responder in responder.send(.text("yes")) }
        let client = try BareClient(running.port)
        client.send(head("HEAD", "/", "X: \(String(repeating: "x", count: 2000))\r\n"))
        let text = client.read()
        #expect(text.hasPrefix("HTTP/1.1 503 ") && text.hasSuffix("\r\n\r\n"))
        for _ in 0..<250 where running.logged.isEmpty { usleep(20_000) }
        #expect(running.logged.map(\.method) == [.head])
    }
}

extension Socket.Outcome {
    fileprivate var isNothing: Bool {
        switch self {
        case .closed, .wouldBlock: true
        case .bytes, .wouldBlockWriting: false
        }
    }
}
