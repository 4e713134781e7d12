import Foundation
import Glibc
import TestSupport
import Testing

/// A demonstration community served by the real program, in a process of its own.
///
/// `@unchecked Sendable`: only the test that made it changes it, between its own steps; clients on
/// other threads read the port, which is fixed.
final class ServedCommunity: @unchecked Sendable {
    let data: String
    let port: Int
    private(set) var process: ChildProcess
    private let output: ChildProcess.Output
    private var options: [String]

    /// The program stands beside the tests.
    static var program: String {
        let arguments = CommandLine.arguments
        let bundle =
            arguments.firstIndex(of: "--test-bundle-path").map { arguments[$0 + 1] } ?? arguments[0]
        var folder = URL(fileURLWithPath: bundle)
        while !FileManager.default.fileExists(atPath: folder.appendingPathComponent("kith").path),
            folder.path != "/"
        {
            folder.deleteLastPathComponent()
        }
        return folder.appendingPathComponent("kith").path
    }

    /// Its log goes to a file unless told otherwise.
    init(_ options: [String] = [], data: String? = nil, output: ChildProcess.Output? = nil) throws {
        let data = data ?? NSTemporaryDirectory() + "served-\(UUID().uuidString)"
        self.data = data
        self.output = output ?? .file(Self.log(data))
        self.options = options
        port = try Self.freePort()
        process = try Self.start(data, port, options, self.output)
        try waitUntilReady()
    }

    deinit {
        process.kill()
        try? FileManager.default.removeItem(atPath: data)
    }

    func start(_ more: [String]) throws -> ChildProcess {
        try Self.start(data, port, options + more, output)
    }

    private static func start(
        _ data: String,
        _ port: Int,
        _ options: [String],
        _ output: ChildProcess.Output
    ) throws -> ChildProcess {
        try ChildProcess(
            program,
            ["serve", "--demo", "--data", data, "--port", "\(port)"] + options,
            in: TestStore.repository,
            output: output,
            problems: output
        )
    }

    private static func log(_ data: String) -> String { data + ".log" }

    var said: String { (try? String(contentsOfFile: Self.log(data), encoding: .utf8)) ?? "" }

    /// A newer process in place of this one.
    func takeOver(_ more: [String] = []) throws {
        let newer = try start(["--take-over"] + more)
        #expect(process.wait() == .exited(0))
        process = newer
        try waitUntilReady()
    }

    func signal(_ number: Int32) { process.signal(number) }

    @discardableResult
    func stop() -> ChildProcess.Ending { process.stop() }

    /// A client in the middle of its request, which a process that stops waits for.
    func holdUp() throws -> ChildProcess {
        let head = [
            "POST /sign-in HTTP/1.1", "Host: a", "Content-Length: 250000", "Expect: 100-continue",
            #"\r\n"#,
        ].joined(separator: #"\r\n"#)
        let heard = try TestFolder()
        // Quick enough to be heard, and not over before it is ended.
        let slow = try ChildProcess(
            "/usr/bin/bash",
            [
                "-c",
                "exec 3<>/dev/tcp/127.0.0.1/\(port); printf '\(head)' >&3; "
                    + "read -r line <&3; echo \"$line\"; "
                    + "while sleep 0.5 && printf '%1000s' a >&3; do :; done",
            ],
            output: .file(heard.path + "/line")
        )
        // It is told to go on with what it said it would send.
        let isHeard = try comes {
            try String(contentsOfFile: heard.path + "/line", encoding: .utf8).contains(" 100 ")
        }
        try #require(isHeard, "it was not told to go on")
        return slow
    }

    /// A newer process that has asked for the place of this one, and waits for it.
    func startToTakeOver() throws -> ChildProcess {
        let newer = try start(["--take-over"])
        let control = data + "/control"
        try #require(
            comes { !FileManager.default.fileExists(atPath: control) },
            "the older one was not asked to go: \(said)"
        )
        return newer
    }

    /// Sends SIGHUP, and waits for what that leads to.
    func hangUp(until text: String) {
        signal(SIGHUP)
        #expect(comes { said.contains(text) }, "\(said)")
    }

    private func waitUntilReady() throws {
        let isReady = try comes(within: 120) {
            try #require(process.isRunning, "it ended: \(said)")
            return try curl(["http://localhost:\(port)/healthz"]).contains("ok")
                || curl(["-k", "https://localhost:\(port)/healthz"]).contains("ok")
        }
        try #require(isReady, "it was never ready: \(said)")
    }

    func curl(_ arguments: [String]) throws -> String {
        try ChildProcess.run("/usr/bin/curl", ["-sS", "--max-time", "20"] + arguments).said
    }

    private static func freePort() throws -> Int {
        let found = try LoopbackListener()
        defer { close(found.descriptor) }
        return found.port
    }
}
