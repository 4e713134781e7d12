import Dispatch
import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import HTTPServer

/// Answers that are made while they are sent.
@Suite struct StreamTests {
    private static let maker = DispatchQueue(label: "maker", attributes: .concurrent)

    private static func counting(_ lines: Int) throws -> Running {
        try Running { _, responder in
            let stream = ResponseStream()
            responder.send(HTTPResponse(body: .stream(stream)))
            maker.async {
                for line in 0..<lines {
                    guard (try? stream.write(Array("line \(line)\n".utf8))) != nil else { return }
                }
                stream.finish()
            }
        }
    }

    @Test func `a long answer comes in chunks, whole, and the connection goes on`() throws {
        let running = try Self.counting(200_000)
        let answer = try ChildProcess.run(
            "curl",
            [
                "-sS", "http://localhost:\(running.port)/1", "http://localhost:\(running.port)/2",
                "-w", "%{num_connects};",
            ]
        )
        let expected = (0..<200_000).map { "line \($0)\n" }.joined()
        #expect(answer.output == expected + "1;" + expected + "0;")
        // Noted when the turn ends that sent the last of it.
        for _ in 0..<250 where running.logged.count < 2 { usleep(20_000) }
        #expect(running.logged.map(\.bytes) == [expected.utf8.count, expected.utf8.count])
    }

    @Test func `one whose header is refused is a fault, and the next answer is its own`() throws {
        let gone = DispatchSemaphore(value: 0)
        let running = try Running { request, responder in
            guard request.path == "/stream" else { return responder.send(.text("next.")) }
            let stream = ResponseStream()
            stream.onGone { gone.signal() }
            _ = stream.offer(Array("made already".utf8))
            var response = HTTPResponse(body: .stream(stream))
            response.label = "export"
            response.headers.add("X-Name", "a\r\nb")
            responder.send(response)
        }
        let client = try BareClient(running.port)
        client.send(head("GET", "/stream") + head("GET", "/", "Connection: close\r\n"))
        let answers = client.read().components(separatedBy: "HTTP/1.1 ")
        try #require(answers.count == 3)
        #expect(answers[1].hasPrefix("500 ") && !answers[1].contains("made already"))
        #expect(answers[2].hasPrefix("200 ") && answers[2].hasSuffix("\r\n\r\nnext."))
        #expect(gone.wait(timeout: .now() + 5) == .success, "its maker is told")
        for _ in 0..<250 where running.logged.count < 2 { usleep(20_000) }
        #expect(running.logged.map(\.status) == [500, 200])
        #expect(running.logged.first?.label == "export")
    }

    @Test func `HTTP 1.0 gets it bare, to the end of the connection, and HEAD gets no body`() throws
    {
        let running = try Self.counting(3)
        let old = try BareClient(running.port)
        old.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        let text = old.read()
        #expect(text.hasSuffix("\r\n\r\nline 0\nline 1\nline 2\n"))
        #expect(text.contains("Connection: close") && !text.contains("chunked"))
        let client = try BareClient(running.port)
        client.send(head("HEAD", "/") + head("GET", "/", "Connection: close\r\n"))
        let both = client.read()
        #expect(both.matches(of: /HTTP\/1.1 200/).count == 2)
        #expect(both.matches(of: /line 0/).count == 1)
        #expect(both.hasSuffix("\r\n0\r\n\r\n"))
    }

    @Test func `a slow reader makes the maker wait instead of filling the memory`() throws {
        let written = Atomic<Int>(0)
        let gone = DispatchSemaphore(value: 0)
        let running = try Running { _, responder in
            let stream = ResponseStream()
            stream.onGone { gone.signal() }
            responder.send(HTTPResponse(body: .stream(stream)))
            Self.maker.async {
                let piece = [UInt8](repeating: 0, count: 10_000)
                while (try? stream.write(piece)) != nil {
                    written.add(piece.count, ordering: .relaxed)
                }
            }
        }
        var client: BareClient? = try BareClient(running.port)
        client?.send(head("GET", "/"))
        // The sockets' own buffers take some megabytes; then it stands still.
        var first = -1
        for _ in 0..<50 where first != written.load(ordering: .relaxed) || first == 0 {
            first = written.load(ordering: .relaxed)
            Thread.sleep(forTimeInterval: 0.3)
        }
        #expect(first > 0)
        #expect(first < 16 << 20)
        client = nil
        #expect(gone.wait(timeout: .now() + 5) == .success)
    }

    @Test func `an answer that cannot be completed is cut off, so that nobody takes it for whole`()
        throws
    {
        let running = try Running { _, responder in
            let stream = ResponseStream()
            _ = stream.offer(Array("half".utf8))
            responder.send(HTTPResponse(body: .stream(stream)))
            Self.maker.asyncAfter(deadline: .now() + 0.1) { stream.breakOff() }
        }
        let client = try BareClient(running.port)
        client.send(head("GET", "/"))
        let text = client.read()
        #expect(text.hasSuffix("4\r\nhalf\r\n"))
    }

    @Test func `events come as they happen, show that they live, and end when the server stops`()
        throws
    {
        let streams = Mutex<[ResponseStream]>([])
        let running = try Running(ServerSettings { $0.heartbeatSeconds = 1 }) { _, responder in
            let stream = ResponseStream(isEvents: true)
            streams.withLock { $0.append(stream) }
            responder.send(.events(stream))
        }
        let client = try BareClient(running.port)
        client.send(head("GET", "/"))
        #expect(client.read(until: "\r\n\r\n").contains("Content-Type: text/event-stream"))
        let event = ServerSentEvent(name: "told", id: "7", data: "one\ntwo")
        _ = streams.withLock { $0[0].offer(event.bytes) }
        #expect(client.read(until: "two").contains("event: told\nid: 7\ndata: one\ndata: two"))
        #expect(client.read(until: ":\n\n").contains("3\r\n:\n\n\r\n"))
        DispatchQueue(label: "stop").async { running.server.stop(graceSeconds: 5) }
        #expect(client.read().hasSuffix("0\r\n\r\n"))
    }

    @Test func `a client that goes away is told to the maker`() throws {
        let gone = DispatchSemaphore(value: 0)
        let running = try Running { _, responder in
            let stream = ResponseStream(isEvents: true)
            stream.onGone { gone.signal() }
            responder.send(.events(stream))
        }
        var client: BareClient? = try BareClient(running.port)
        client?.send(head("GET", "/"))
        _ = client?.read(until: "\r\n\r\n")
        client = nil
        #expect(gone.wait(timeout: .now() + 5) == .success)
    }
}
