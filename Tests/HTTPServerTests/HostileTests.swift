import Basics
import Dispatch
import Foundation
import Glibc
import Synchronization
import Testing

@testable import HTTPServer

/// Clients that do what no browser does.
@Suite struct HostileTests {
    private static let slow = DispatchQueue(label: "slow", attributes: .concurrent)

    @Test func `one that asks without end and reads nothing is not heard any more`() throws {
        let running = try Running { _, responder in
            responder.send(.text(String(repeating: "a", count: 1000)))
        }
        let client = try BareClient(running.port, seconds: 1)
        let request = Array(head("GET", "/").utf8)
        let many = Array(repeatElement(request, count: 2000).joined())
        var sent = 0
        while sent < 400, client.send(many) { sent += 1 }
        #expect(sent < 400)
        // Some megabytes lie in the sockets of both ends.
        #expect(running.server.counts.reading.receivedBytes < 16 << 20)
        #expect(running.logged.count < 40_000)
    }

    @Test func `one that reads all it asks for gets all of it, however much it asks at once`()
        throws
    {
        let running = try Running { request, responder in
            if request.path == "/slow" {
                Self.slow.asyncAfter(deadline: .now() + 0.3) { responder.send(.text("slow")) }
            } else {
                responder.send(.text("quick"))
            }
        }
        let client = try BareClient(running.port)
        let all = head("GET", "/slow") + String(repeating: head("GET", "/"), count: 20_000)
        let sender = DispatchQueue(label: "sender")
        let bytes = Array((all + head("GET", "/", "Connection: close\r\n")).utf8)
        // One thread sends and the other reads: the two ways of a socket do not meet.
        nonisolated(unsafe) let sending = client
        sender.async { unsafe sending.send(bytes) }
        let text = client.read()
        #expect(text.components(separatedBy: "quick").count == 20_002)
    }

    @Test func `one that asks for much at once waits its turn, and gets all of it in order`() throws
    {
        let running = try Running(ServerSettings { $0.loops = 1 }) { request, responder in
            if request.path != "/other" { usleep(300) }
            responder.send(.text("[\(request.path)]"))
        }
        let greedy = try BareClient(running.port, seconds: 20)
        let count = 3000
        let asked = (1...count).map { head("GET", "/\($0)") }.joined()
        greedy.send(asked + head("GET", "/last", "Connection: close\r\n"))
        let other = try BareClient(running.port)
        for _ in 0..<5 {
            other.send(head("GET", "/other"))
            #expect(other.read(until: "[/other]").contains("[/other]"))
        }
        #expect(running.logged.count < count / 2)
        let paths = greedy.read().matches(of: /\[\/([a-z0-9]+)\]/).map { String($0.1) }
        #expect(paths == (1...count).map(String.init) + ["last"])
    }

    @Test func `one that is gone before its answer costs nothing while it is made`() throws {
        let answered = DispatchSemaphore(value: 0)
        let running = try Running { _, responder in
            Self.slow.asyncAfter(deadline: .now() + 1) {
                responder.send(.text("late"))
                answered.signal()
            }
        }
        var client: BareClient? = try BareClient(running.port)
        client?.send(head("GET", "/"))
        Thread.sleep(forTimeInterval: 0.1)
        client?.reset()
        client = nil
        let before = running.server.turns
        #expect(answered.wait(timeout: .now() + 10) == .success)
        // A loop that is told of the hang-up again and again would have turned a million times.
        #expect(running.server.turns - before < 1000)
    }

    @Test func `who closed their half still gets the answer`() throws {
        let running = try Running { _, responder in
            Self.slow.asyncAfter(deadline: .now() + 0.2) { responder.send(.text("late")) }
        }
        let client = try BareClient(running.port)
        client.send(head("GET", "/"))
        client.endSending()
        #expect(client.read().hasSuffix("late"))
    }

    @Test func `a server that stops waits for one upload though its other loops are idle`() throws {
        let running = try Running(ServerSettings { $0.loops = 3 }) { request, responder in
            responder.send(.text("\(request.body.count)"))
        }
        let client = try BareClient(running.port)
        client.send(head("POST", "/", "Content-Length: 10\r\n") + "01234")
        Thread.sleep(forTimeInterval: 0.2)
        let done = DispatchSemaphore(value: 0)
        let isWhole = Mutex(false)
        DispatchQueue(label: "stop").async {
            let whole = running.server.stop(graceSeconds: 20)
            isWhole.withLock { $0 = whole }
            done.signal()
        }
        // Longer than two sweeps.
        #expect(done.wait(timeout: .now() + 2.5) == .timedOut)
        client.send("56789")
        #expect(client.read().hasSuffix("10"))
        #expect(done.wait(timeout: .now() + 10) == .success)
        #expect(isWhole.withLock { $0 })
    }

    @Test func `who has just connected when the server stops is still answered`() throws {
        let running = try Running { _, responder in responder.send(.text("in time")) }
        let client = try BareClient(running.port)
        Thread.sleep(forTimeInterval: 0.2)
        DispatchQueue(label: "stop").async { running.server.stop(graceSeconds: 10) }
        Thread.sleep(forTimeInterval: 0.2)
        client.send(head("GET", "/"))
        #expect(client.read().hasSuffix("in time"))
    }

    @Test func `who only waits makes room, and who is in the middle of something stays`() throws {
        let running = try Running(
            ServerSettings {
                $0.connections = 4
                $0.loops = 1
            }
        ) { request, responder in
            responder.send(.text("answer to \(request.path)."))
        }
        let busy = try (0..<3).map { _ in try BareClient(running.port) }
        for client in busy { client.send("GET /busy HTTP/1.1\r\nHost: a\r\n") }
        let waiting = try BareClient(running.port)
        waiting.send(head("GET", "/"))
        #expect(waiting.read(until: "/.").hasSuffix("answer to /."))
        Thread.sleep(forTimeInterval: 1.2)
        let newcomer = try BareClient(running.port)
        newcomer.send(head("GET", "/new"))
        #expect(newcomer.read(until: "/new.").hasSuffix("answer to /new."))
        #expect(waiting.receive() == [])
        // This one has only just been answered, and nobody else makes room.
        let refused = try BareClient(running.port)
        #expect(refused.read().hasPrefix("HTTP/1.1 503 "))
        for client in busy {
            client.send("\r\n")
            #expect(client.read(until: "/busy.").hasSuffix("answer to /busy."))
        }
    }

    @Test func `who connects and says nothing makes room too`() throws {
        let running = try Running(
            ServerSettings {
                $0.connections = 3
                $0.loops = 1
            }
        ) { _, responder in responder.send(.text("welcome.")) }
        let silent = try (0..<3).map { _ in try BareClient(running.port) }
        Thread.sleep(forTimeInterval: 1.2)
        let newcomer = try BareClient(running.port)
        newcomer.send(head("GET", "/"))
        #expect(newcomer.read(until: "welcome.").hasSuffix("welcome."))
        #expect(silent.count == 3)
    }

    @Test func `one address has no more than its share of connections`() throws {
        let settings = ServerSettings {
            $0.connectionsPerAddress = 3
            $0.unsharedAddresses = []
        }
        let running = try Running(settings) { _, responder in responder.send(.text("one of us")) }
        let some = try (0..<3).map { _ in try BareClient(running.port) }
        Thread.sleep(forTimeInterval: 0.2)
        let more = try BareClient(running.port)
        let refusal = more.read()
        #expect(refusal.hasPrefix("HTTP/1.1 503 ") && refusal.contains("Retry-After: "))
        for client in some {
            client.send(head("GET", "/"))
            #expect(client.read(until: "us").hasSuffix("one of us"))
        }
    }

    @Test func `all addresses of one IPv6 network have one share of connections`() {
        var settings = ServerSettings()
        settings.connectionsPerAddress = 2
        let shared = ServerShared(
            log: .silent,
            refusal: { _, _, _ in BareAnswer(contentType: "text/plain", []) },
            handler: { _, _ in },
            turn: { $0() },
            time: .system,
            room: SpoolRoom(1 << 20)
        )
        let here = ["2001:db8::1", "2001:db8::ffff:2", "2001:db8::3"].map {
            shared.admit($0, settings)
        }
        #expect(here == [.admitted, .admitted, .refused])
        #expect(shared.admit("2001:db8:0:1::1", settings) == .admitted)
        shared.leave("2001:db8::1")
        #expect(shared.admit("2001:db8::9", settings) == .admitted)
        #expect(shared.admit("2001:db8::1", settings) == .refused)
    }
}
