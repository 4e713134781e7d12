import Dispatch
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import HTTPServer

/// Long bodies, and what lies in them.
@Suite struct UploadTests {
    private static let slow = DispatchQueue(label: "slow")

    /// Answers with the sum of the upload's bytes, and whether it lay in a file.
    private static func adding(
        _ folder: String = "/tmp",
        bodyBytes: Int = 40 << 20
    ) throws -> Running {
        let settings = ServerSettings {
            $0.uploadFolder = folder
            $0.bodyBytes = bodyBytes
        }
        return try Running(settings) { request, responder in
            slow.async {
                let isFile = if case .file = request.body { "file" } else { "memory" }
                var sum = 0
                for start in stride(from: 0, to: request.body.count, by: 100_001) {
                    let end = min(start + 100_001, request.body.count)
                    guard let piece = try? request.body.read(start..<end) else {
                        responder.send(.text("unreadable"))
                        return
                    }
                    for byte in piece { sum &+= Int(byte) }
                }
                responder.send(.text("\(isFile) \(request.body.count) \(sum)"))
            }
        }
    }

    @Test func `a long upload lies sealed in a file without a name, and comes back as it was`()
        throws
    {
        let folder = NSTemporaryDirectory() + "upload-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let running = try Self.adding(folder)
        var bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let sum = bytes.reduce(0) { $0 + Int($1) }
        let file = folder + "/given"
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        bytes = []
        for more in [[], ["-H", "Transfer-Encoding: chunked"]] {
            let answer = try ChildProcess.run(
                "curl",
                ["-sS", "--data-binary", "@\(file)"] + more
                    + ["http://localhost:\(running.port)/upload"]
            )
            #expect(answer.output == "file 3000000 \(sum)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["given"])
    }

    @Test func `what is longer than is allowed is refused before it is sent`() throws {
        let running = try Self.adding(bodyBytes: 1000)
        let client = try BareClient(running.port)
        client.send(head("POST", "/other", "Content-Length: 1001\r\nExpect: 100-continue\r\n"))
        #expect(client.read().hasPrefix("HTTP/1.1 413 "))
        let chunked = try BareClient(running.port)
        chunked.send(head("POST", "/other", "Transfer-Encoding: chunked\r\n") + "3E9\r\n")
        #expect(chunked.read().hasPrefix("HTTP/1.1 413 "))
        let short = try BareClient(running.port)
        short.send(
            head("POST", "/other", "Content-Length: 3\r\nConnection: close\r\n") + "abc"
        )
        #expect(short.read().hasSuffix("memory 3 294"))
    }

    @Test func `where the disk takes nothing, an upload is 503 and the server goes on`() throws {
        let running = try Self.adding("/nowhere/at/all")
        let client = try BareClient(running.port)
        client.send(head("POST", "/upload", "Content-Length: 9000000\r\n"))
        client.send([UInt8](repeating: 1, count: 1_000_000))
        #expect(client.read().hasPrefix("HTTP/1.1 503 "))
        let short = try BareClient(running.port)
        short.send(head("POST", "/upload", "Content-Length: 1\r\nConnection: close\r\n") + "a")
        #expect(short.read().hasSuffix("memory 1 97"))
    }

    @Test func `uploads together have only so much of the disk, and give it back`() throws {
        let settings = ServerSettings {
            $0.spooledBytes = 1_500_000
            $0.bodyBytes = 9 << 20
        }
        let running = try Running(settings) { request, responder in
            responder.send(.text("took \(request.body.count)"))
        }
        let bytes = [UInt8](repeating: 1, count: 1_000_000)
        let fields = "Content-Length: 1000001\r\nConnection: close\r\n"
        let first = try BareClient(running.port)
        first.send(head("POST", "/upload", fields))
        first.send(bytes)
        Thread.sleep(forTimeInterval: 0.3)
        let second = try BareClient(running.port)
        second.send(head("POST", "/upload", fields))
        second.send(bytes)
        #expect(second.read().hasPrefix("HTTP/1.1 503 "))
        first.send([1])
        #expect(first.read().hasSuffix("took 1000001"))
        let third = try BareClient(running.port)
        third.send(head("POST", "/upload", fields))
        third.send(bytes + [1])
        #expect(third.read().hasSuffix("took 1000001"))
    }

    // MARK: Multipart

    private static func form(_ text: String, boundary: String = "xyz") throws -> Multipart {
        try Multipart(
            .bytes(Array(text.utf8)),
            contentType: "multipart/form-data; boundary=\(boundary)"
        )
    }

    private static let good =
        "--xyz\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nGood day\r\n"
        + "--xyz\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a%22b.png\"\r\n"
        + "Content-Type: image/png\r\n\r\n\r\n--xy\r\n\r\n--xyz--\r\n"

    @Test func `fields and files are told apart, and a file may hold what looks like an end`()
        throws
    {
        let form = try Self.form(Self.good)
        #expect(try form.fields()["note"] == "Good day")
        let photo = try #require(form["photo"])
        #expect(photo.fileName == "a\"b.png")
        #expect(photo.contentType == "image/png")
        let content = try form.read(photo, 0..<photo.range.count)
        #expect(String(decoding: content, as: UTF8.self) == "\r\n--xy\r\n")
        #expect(try form.fields().fields.count == 1)
    }

    @Test(arguments: [
        "", "--xyz", "--xyz\r\n", "--xyz--x",
        "--xyz\r\n\r\nno name\r\n--xyz--",
        "--xyz\r\nContent-Disposition: form-data\r\n\r\nno name\r\n--xyz--",
        "--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nnever ends",
        "--xyz\r\nContent-Disposition: form-data; name=\"a\"\n\r\nbare\r\n--xyz--",
        "before\r\n--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--xyz--",
        "--xyz\r\nContent-Disposition: form-data; name=\"a\"; name=\"b\"\r\n\r\nc\r\n--xyz--",
        "--xyz\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nc\r\n--xyz--",
    ])
    func `a form that is not written well is refused`(text: String) {
        #expect(throws: BadForm.self) { try Self.form(text) }
    }

    @Test func `a real client's form with a file is read from the sealed file`() throws {
        let file = NSTemporaryDirectory() + "photo-\(UUID().uuidString)"
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7 >> 3) }
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        let running = try Running(ServerSettings { $0.bodyBytes = 9 << 20 }) { request, responder in
            Self.slow.async {
                do {
                    let form = try Multipart(
                        request.body,
                        contentType: request.headers["content-type"] ?? ""
                    )
                    guard let part = form["photo"] else { return responder.send(.text("none")) }
                    let content = try form.read(part, 0..<part.range.count)
                    let note = try form.fields()["note"] ?? ""
                    responder.send(.text("\(note) \(part.fileName ?? "") \(content == bytes)"))
                } catch {
                    responder.send(.text("\(error)"))
                }
            }
        }
        let answer = try ChildProcess.run(
            "curl",
            [
                "-sS", "-F", "note=Hello there", "-F", "photo=@\(file);filename=me.png",
                "http://localhost:\(running.port)/",
            ]
        )
        #expect(answer.output == "Hello there me.png true")
    }
}
