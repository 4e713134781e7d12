import Dispatch
import Glibc
import TestSupport
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

    @Test func `a newcomer who has asked already is turned away without a reset`() throws {
        var settings = ServerSettings()
        settings.loops = 1
        settings.connections = 1
        let isBusy = DispatchSemaphore(value: 0)
        let running = try Running(settings) { _, responder in
            isBusy.signal()
            usleep(500_000)
            responder.send(.text("here"))
        }
        let first = try BareClient(running.port)
        first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        try #require(isBusy.comes())
        let newcomer = try BareClient(running.port)
        newcomer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(newcomer.read().hasPrefix("HTTP/1.1 503 "))
        #expect(!newcomer.wasReset)
        #expect(first.read(until: "here").hasSuffix("here"))
    }

    @Test func `the socket that listens outlives the server for whoever was given it`() throws {
        let running = try Running { _, responder in responder.send(.text("here")) }
        let given = try #require(running.server.listenerAgain())
        defer { close(given) }
        #expect(fcntl(given, F_GETFD) == FD_CLOEXEC)
        running.server.stop(graceSeconds: 1)
        #expect(running.server.listenerAgain() == nil)
        #expect(HTTPServer.port(of: given) == running.port)
        let waiting = try BareClient(running.port)
        withExtendedLifetime(waiting) {}
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
            try #require(stopped.comes())
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
        try #require(comes { server.loads.isEmpty })
        clients[0].send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(clients[0].read(until: "here").hasSuffix("here"))
        for client in clients { #expect(client.readAll() == [], "nothing more is asked: it ends") }
        try #require(stopped.comes())
    }
}
