import Dispatch
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import HTTPServer

/// A real server on a free port of the loopback, driven by curl and by bare sockets.
@Suite struct ServerTests {
    private final class Running {
        let server: HTTPServer
        let port: UInt16

        init(_ handler: @escaping @Sendable (HTTPRequest, Responder) -> Void) throws {
            var settings = ServerSettings()
            settings.port = 0
            server = HTTPServer(settings: settings, handler: handler)
            port = try server.start()
        }

        deinit {
            server.stop(graceSeconds: 2)
        }

        func exchange(_ text: String) throws -> String {
            try ServerTests.exchange(text, port)
        }
    }

    /// Sends bytes and reads to the end.
    private static func exchange(_ text: String, _ port: UInt16) throws -> String {
        let script = "exec 3<>/dev/tcp/127.0.0.1/\(port); cat >&3; timeout 5 cat <&3"
        return try ChildProcess.run("/bin/bash", ["-c", script], input: text).output
    }

    private static func echo() throws -> Running {
        try Running { request, responder in
            responder.send(.text("\(request.method.name) \(request.path);"))
        }
    }

    @Test func `pipelined requests are answered in order on one connection`() throws {
        let running = try Self.echo()
        let host = "Host: localhost\r\n"
        let text = try running.exchange(
            "GET /1 HTTP/1.1\r\n\(host)\r\nHEAD /2 HTTP/1.1\r\n\(host)\r\n"
                + "GET /3 HTTP/1.1\r\n\(host)Connection: close\r\n\r\n"
        )
        #expect(text.matches(of: /HTTP\/1.1 200 OK/).count == 3)
        let one = try #require(text.range(of: "GET /1;"))
        let three = try #require(text.range(of: "GET /3;"))
        #expect(one.upperBound < three.lowerBound)
        #expect(!text.contains("HEAD /2;"))
        #expect(text.contains("Connection: close"))
        #expect(text.matches(of: /Date: [A-Z]/).count == 3)
    }

    @Test func `a malformed request is 400 and a closed connection, and others go on`() throws {
        let running = try Self.echo()
        let text = try running.exchange(
            "GET / HTTP/1.1\r\nHost: a\r\nBad : x\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n"
        )
        #expect(text.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
        #expect(text.matches(of: /HTTP\/1.1/).count == 1)
        let next = try running.exchange("GET /ok HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        #expect(next.contains("GET /ok;"))
    }

    @Test func `a client that asks first is told to go on`() throws {
        let running = try Self.echo()
        let text = try running.exchange(
            "POST /p HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n"
                + "Connection: close\r\n\r\n"
        )
        #expect(text.hasPrefix("HTTP/1.1 100 Continue\r\n\r\n"))
    }

    @Test func `what is in flight when the server stops is still answered`() throws {
        let arrived = DispatchSemaphore(value: 0)
        let mayAnswer = DispatchSemaphore(value: 0)
        let lane = SlowLane()
        let running = try Running { _, responder in
            _ = lane.run {
                arrived.signal()
                _ = mayAnswer.comes()
                responder.send(.text("finished"))
            }
        }
        let done = DispatchSemaphore(value: 0)
        let text = Mutex("")
        let (port, server) = (running.port, running.server)
        DispatchQueue(label: "client").async {
            let answer = try? Self.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n", port)
            text.withLock { $0 = answer ?? "" }
            done.signal()
        }
        try #require(arrived.comes())
        DispatchQueue(label: "stop").async { server.stop(graceSeconds: 5) }
        mayAnswer.signal()
        try #require(done.comes())
        #expect(text.withLock { $0 }.hasSuffix("finished"))
    }

    @Test func `a field with a line break in it never splits an answer`() throws {
        let running = try Running { _, responder in
            var response = HTTPResponse.text("x")
            response.headers.add("X-Name", "a\r\nSet-Cookie: b=c")
            responder.send(response)
        }
        let text = try running.exchange("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        #expect(text.hasPrefix("HTTP/1.1 500"))
        #expect(!text.contains("Set-Cookie"))
    }
}
