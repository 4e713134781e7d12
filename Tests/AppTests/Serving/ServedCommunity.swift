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
    private(set) var process = Process()
    /// Where its log goes; a file unless told otherwise.
    private let output: FileHandle?
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

    init(_ options: [String] = [], data: String? = nil, output: FileHandle? = nil) throws {
        self.output = output
        self.data = data ?? NSTemporaryDirectory() + "served-\(UUID().uuidString)"
        port = try Self.freePort()
        self.options = options
        process = try start([])
        try waitUntilReady()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        try? FileManager.default.removeItem(atPath: data)
    }

    func start(_ more: [String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.program)
        process.currentDirectoryURL = URL(fileURLWithPath: TestStore.repository)
        process.arguments =
            ["serve", "--demo", "--data", data, "--port", "\(port)"] + options + more
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output ?? handle
        process.standardError = output ?? handle
        try process.run()
        return process
    }

    private var log: String { data + ".log" }

    var said: String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }

    /// A newer process in place of this one.
    func takeOver(_ more: [String] = []) throws {
        let newer = try start(["--take-over"] + more)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        process = newer
        try waitUntilReady()
    }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    func stop() {
        signal(SIGTERM)
        process.waitUntilExit()
    }

    /// A client in the middle of its request, which a process that stops waits for.
    func holdUp() throws -> Process {
        let slow = Process()
        slow.executableURL = URL(fileURLWithPath: "/usr/bin/bash")
        let head = #"POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n"#
        // Quick enough to be heard, and not over before it is ended.
        slow.arguments = [
            "-c",
            "exec 3<>/dev/tcp/127.0.0.1/\(port); printf '\(head)' >&3; "
                + "while sleep 0.5 && printf '%1000s' a >&3; do :; done",
        ]
        slow.standardError = FileHandle.nullDevice
        try slow.run()
        Thread.sleep(forTimeInterval: 0.5)
        return slow
    }

    /// A newer process that has asked for the place of this one, and waits for it.
    func startToTakeOver() throws -> Process {
        let newer = try start(["--take-over"])
        let control = data + "/control"
        for _ in 0..<400 where FileManager.default.fileExists(atPath: control) {
            Thread.sleep(forTimeInterval: 0.05)
        }
        #expect(!FileManager.default.fileExists(atPath: control), "it was asked to go")
        return newer
    }

    /// Sends SIGHUP, and waits for what that leads to.
    func hangUp(until text: String) {
        signal(SIGHUP)
        for _ in 0..<200 where !said.contains(text) { Thread.sleep(forTimeInterval: 0.05) }
        #expect(said.contains(text), "\(said)")
    }

    private func waitUntilReady() throws {
        for _ in 0..<600 {
            if try curl(["http://localhost:\(port)/healthz"]).contains("ok") { return }
            if try curl(["-k", "https://localhost:\(port)/healthz"]).contains("ok") { return }
            try #require(process.isRunning, "it ended: \(said)")
            Thread.sleep(forTimeInterval: 0.1)
        }
        Issue.record("it was never ready: \(said)")
    }

    func curl(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/curl")
        process.arguments = ["-sS", "--max-time", "20"] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    private static func freePort() throws -> Int {
        let found = try LoopbackListener()
        defer { close(found.descriptor) }
        return found.port
    }
}
