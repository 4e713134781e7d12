import Basics
import Crypto
import Dispatch
import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import HTTPServer

/// TLS as real clients speak it: curl and OpenSSL's own.
@Suite struct TLSTests {
    private let folder = NSTemporaryDirectory() + "tls-\(UUID().uuidString)"

    private func identity(_ name: String, _ key: [String]) throws -> TLSIdentity {
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
        let (certificate, secret) = ("\(folder)/\(name).pem", "\(folder)/\(name).key")
        let made = try ChildProcess.run(
            "openssl",
            ["req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=\(name)"] + key + [
                "-addext", "subjectAltName=DNS:localhost", "-keyout", secret, "-out", certificate,
            ]
        )
        #expect(made.ending == .exited(0), "\(made.problems)")
        return TLSIdentity(certificatePath: certificate, keyPath: secret)
    }

    private static let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]

    private func serving(_ identities: [TLSIdentity]) throws -> Running {
        try Running(ServerSettings { $0.identities = identities }) { request, responder in
            responder.send(
                .text("\(request.isSecure ? "secure" : "plain") \(request.body.count)")
            )
        }
    }

    private func client(_ port: UInt16, _ more: [String]) throws -> String {
        try ChildProcess.run(
            "timeout",
            ["5", "openssl", "s_client", "-connect", "localhost:\(port)", "-brief"] + more
        ).said
    }

    @Test func `a page and a long form go over TLS 1.2 and 1.3`() throws {
        let one = try identity("one", Self.curve)
        let running = try serving([one])
        let file = folder + "/form"
        try Data(repeating: 65, count: 200_000).write(to: URL(fileURLWithPath: file))
        for version in [["--tls-max", "1.2"], ["--tlsv1.3"]] {
            let answer = try ChildProcess.run(
                "curl",
                ["-sS", "--cacert", one.certificatePath, "--data-binary", "@\(file)"] + version + [
                    "https://localhost:\(running.port)/"
                ]
            )
            #expect(answer.output == "secure 200000")
        }
    }

    @Test func `an older TLS, another protocol and plain HTTP are turned away`() throws {
        let running = try serving([try identity("one", Self.curve)])
        #expect(try client(running.port, ["-tls1_1"]).contains("alert"))
        #expect(try client(running.port, ["-alpn", "h2"]).contains("no application protocol"))
        let chosen = try ChildProcess.run(
            "openssl",
            ["s_client", "-connect", "localhost:\(running.port)", "-alpn", "h2,http/1.1"]
        )
        #expect(chosen.output.contains("ALPN protocol: http/1.1"))
        let plain = try BareClient(running.port)
        plain.send(head("GET", "/"))
        #expect(!plain.read().contains("200 OK"))
        let good = try client(running.port, [])
        #expect(good.contains("Protocol version: TLSv1.3"))
    }

    @Test func `a client that knows only RSA gets the RSA certificate, others the short one`()
        throws
    {
        let running = try serving([
            try identity("curved", Self.curve), try identity("classic", ["-newkey", "rsa:2048"]),
        ])
        let classic = try client(running.port, ["-sigalgs", "RSA-PSS+SHA256"])
        #expect(classic.contains("CN = classic"))
        #expect(try client(running.port, []).contains("CN = curved"))
    }

    @Test func `two certificates of one kind are refused, at the start and later`() throws {
        let curved = try identity("curved", Self.curve)
        let classic = try identity("classic", ["-newkey", "rsa:2048"])
        let other = try identity("other", ["-newkey", "rsa:2048"])
        let words =
            "\(classic.certificatePath) and \(other.certificatePath) are of one kind: "
            + "there may be one of each, one EC and one RSA"
        var settings = ServerSettings { $0.identities = [curved, classic, other] }
        let refusal = #expect(throws: TLSRefused.self) { try HTTPServer.check(settings) }
        #expect(refusal?.description == words)
        let running = try serving([curved, classic])
        settings.identities = [classic, other]
        #expect(throws: TLSRefused.self) { try running.server.reload(settings) }
        #expect(try client(running.port, []).contains("CN = curved"))
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"])
    func `who comes back with a ticket needs no full handshake`(version: String) throws {
        let running = try serving([try identity("one", Self.curve)])
        let ticket = folder + "/ticket"
        let request =
            "printf 'GET / HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n'"
        let open = "timeout 5 openssl s_client -connect localhost:\(running.port) \(version)"
        let first = try ChildProcess.run(
            "bash",
            ["-c", "(\(request); sleep 0.5) | \(open) -ign_eof -sess_out \(ticket)"]
        )
        #expect(first.output.contains("New, "))
        let second = try ChildProcess.run(
            "bash",
            ["-c", "(\(request); sleep 0.5) | \(open) -ign_eof -sess_in \(ticket)"]
        )
        #expect(second.output.contains("Reused, "))
    }

    @Test func `what a client over TLS held is counted back when it has gone`() throws {
        let running = try serving([try identity("one", Self.curve)])
        func held() -> Int { running.server.counts.reading.heldBytes }
        let most = Mutex(0)
        let isDone = DispatchSemaphore(value: 0)
        let port = running.port
        DispatchQueue(label: "client").async {
            let say = "printf 'POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 90000\\r\\n\\r\\n'"
            let half = "head -c 50000 /dev/zero"
            let open = "timeout 5 openssl s_client -quiet -connect localhost:\(port)"
            _ = try? ChildProcess.run("bash", ["-c", "(\(say); \(half); sleep 1) | \(open)"])
            isDone.signal()
        }
        while isDone.wait(timeout: .now() + 0.02) == .timedOut {
            most.withLock { $0 = max($0, held()) }
        }
        #expect(most.withLock { $0 } >= 50_000)
        for _ in 0..<200 where held() != 0 { Thread.sleep(forTimeInterval: 0.02) }
        #expect(held() == 0)
        // So does one that only begins to shake hands.
        var half: BareClient? = try BareClient(port)
        half?.send([0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3])
        for _ in 0..<200 where held() == 0 { Thread.sleep(forTimeInterval: 0.02) }
        #expect(held() >= 40_000)
        half = nil
        for _ in 0..<200 where held() != 0 { Thread.sleep(forTimeInterval: 0.02) }
        #expect(held() == 0)
    }

    @Test func `a key with a password is refused in one line, and nobody is asked for it`() throws {
        let one = try identity("one", Self.curve)
        let locked = folder + "/locked.key"
        let made = try ChildProcess.run(
            "openssl",
            ["pkey", "-aes256", "-passout", "pass:x", "-in", one.keyPath, "-out", locked]
        )
        #expect(made.ending == .exited(0), "\(made.problems)")
        let identity = TLSIdentity(certificatePath: one.certificatePath, keyPath: locked)
        let settings = ServerSettings { $0.identities = [identity] }
        let refusal = #expect(throws: TLSRefused.self) { try HTTPServer.check(settings) }
        #expect(refusal?.description == "\(locked) has a password: it must be kept without one")
    }

    @Test func `certificates are read each day, and nobody waits for the disk meanwhile`() throws {
        let one = try identity("one", Self.curve)
        let told = Mutex<[String]>([])
        let shared = ServerShared(
            log: ServerLog(answered: { _ in }, problem: { line in told.withLock { $0 += [line] } }),
            refusal: { _, _, _ in BareAnswer(contentType: "text/plain", []) },
            handler: { _, _ in },
            turn: { $0() },
            time: .system,
            room: SpoolRoom(0)
        )
        try shared.seal(with: [one])
        let first = try #require(shared.tls())
        #expect(shared.tls() === first)
        func later(_ days: Int64) -> Int64 { Clock.microseconds() + days * 86_400_000_000 }
        #expect(shared.tls(at: later(2)) === first)
        for _ in 0..<250 where shared.tls() === first { usleep(20_000) }
        let second = try #require(shared.tls())
        #expect(second !== first)
        // A disk that does not answer.
        try FileManager.default.removeItem(atPath: one.certificatePath)
        #expect(unsafe mkfifo(one.certificatePath, 0o600) == 0)
        #expect(shared.tls(at: later(2)) === second)
        let end = try FileHandle(forWritingTo: URL(fileURLWithPath: one.certificatePath))
        try end.close()
        for _ in 0..<250 where told.withLock({ $0.isEmpty }) { usleep(20_000) }
        #expect(told.withLock { $0.count } == 1)
        #expect(shared.tls() === second)
    }

    @Test func `a new certificate is taken without a restart, a broken one is not`() throws {
        let running = try serving([try identity("first", Self.curve)])
        #expect(try client(running.port, []).contains("CN = first"))
        var settings = ServerSettings()
        settings.identities = [try identity("second", Self.curve)]
        try running.server.reload(settings)
        #expect(try client(running.port, []).contains("CN = second"))

        let certificate = settings.identities[0].certificatePath
        let keys = [
            try identity("third", Self.curve).keyPath,
            try identity("fourth", ["-newkey", "rsa:2048"]).keyPath, "\(folder)/none.key",
        ]
        for key in keys {
            settings.identities = [TLSIdentity(certificatePath: certificate, keyPath: key)]
            #expect(throws: TLSRefused.self, "\(key)") { try running.server.reload(settings) }
        }
        #expect(try client(running.port, []).contains("CN = second"))
    }
}
