import Dispatch
import Glibc
import Testing

@testable import HTTPServer

struct AcceptingTests {
    @Test func `clients that come together are shared equally between the loops`() throws {
        var settings = ServerSettings()
        settings.loops = 3
        let running = try Running(settings) { _, responder in responder.send(.text("here")) }
        let clients = try (0..<30).map { _ in try BareClient(running.port) }
        for client in clients {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(client.read(until: "here").hasSuffix("here"))
        }
        #expect(running.server.loads == [10, 10, 10])
        withExtendedLifetime(clients) {}
    }

    @Test func `whoever has connected when the server stops is answered by whichever loop`() throws
    {
        var settings = ServerSettings()
        settings.loops = 3
        for _ in 0..<10 {
            let running = try Running(settings) { _, responder in responder.send(.text("here")) }
            let clients = try (0..<12).map { _ in try BareClient(running.port) }
            let first = try #require(clients.last)
            // Whoever is answered was accepted after the others.
            first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(first.read(until: "here").hasSuffix("here"))
            let server = running.server
            let stopped = DispatchGroup()
            DispatchQueue.global().async(group: stopped) { server.stop(graceSeconds: 5) }
            for client in clients.dropLast() {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(client.read(until: "here").hasSuffix("here"))
            }
            stopped.wait()
        }
    }

    @Test func `what is asked on a kept connection just as the server stops is answered`() throws {
        var settings = ServerSettings()
        settings.lastRequestMilliseconds = 1000
        let running = try Running(settings) { _, responder in responder.send(.text("here")) }
        let server = running.server
        let clients = try (0..<2).map { _ in try BareClient(running.port) }
        for client in clients {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(client.read(until: "here").hasSuffix("here"))
        }
        let stopped = DispatchGroup()
        DispatchQueue.global().async(group: stopped) {
            #expect(server.stop(graceSeconds: 20))
        }
        while server.listener != nil { usleep(100) }
        clients[0].send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(clients[0].read(until: "here").hasSuffix("here"))
        for client in clients { #expect(client.readAll() == [], "nothing more is asked: it ends") }
        stopped.wait()
    }
}
