import Foundation
import Glibc
import Store
import TestSupport
import Testing
import Vault

@testable import App

/// What would keep a newer process from serving is found while the older one still serves.
@Suite(.serialized) struct TakeOverTests {
    private let folder: TestFolder

    init() throws {
        folder = try TestFolder()
    }

    /// The program's files with other migrations.
    private func home(_ name: String, _ change: (_ migrations: String) throws -> Void) throws
        -> String
    {
        let files = FileManager.default
        let home = "\(folder.path)/\(name)"
        try Opening.folder(home)
        for part in ["Config", "Templates", "Public", "Migrations"] {
            try files.copyItem(
                atPath: "\(TestStore.repository)/\(part)",
                toPath: "\(home)/\(part)"
            )
        }
        try change(home + "/Migrations")
        return home
    }

    private func write(_ text: String, _ file: String) throws {
        try text.write(toFile: file, atomically: true, encoding: .utf8)
    }

    private static let last = "0036-transactions-receipts.sql"

    @Test func `what keeps a newer process from serving is told, and the older one serves on`()
        throws
    {
        let served = try ServedCommunity()
        func isRefused(_ more: [String], _ words: String) throws {
            let newer = try served.start(["--take-over"] + more)
            newer.waitUntilExit()
            #expect(newer.terminationStatus != 0)
            #expect(served.said.contains(words), "\(more): \(served.said)")
            #expect(try served.curl(["http://localhost:\(served.port)/healthz"]) == "ok\n")
        }
        func isRefused(_ name: String, _ words: String, change: (String) throws -> Void) throws {
            try isRefused(["--home", try home(name, change)], words)
        }

        let other = folder.path + "/other.key"
        try MasterKey.create(other)
        try isRefused(["--key", other], "the master key is not the one this store was made with")
        try isRefused("changed", "was changed after it ran") { migrations in
            let file = "\(migrations)/\(Self.last)"
            try write(try String(contentsOfFile: file, encoding: .utf8) + "-- more", file)
        }
        try isRefused("older", "which this program does not know") { migrations in
            try FileManager.default.removeItem(atPath: "\(migrations)/\(Self.last)")
        }
        try isRefused("mistyped", "migration 9000-new failed") { migrations in
            try write("CREATE TABEL new (id INTEGER);", migrations + "/9000-new.sql")
        }
        try isRefused("unfit", "migration 9000-new failed") { migrations in
            try write(
                "CREATE UNIQUE INDEX one_line ON identity_audit (position > 0);",
                migrations + "/9000-new.sql"
            )
        }
        #expect(served.process.isRunning)

        let newer = try home("newer") { migrations in
            try write("CREATE TABLE new (id INTEGER) STRICT;", migrations + "/9000-new.sql")
        }
        try served.takeOver(["--home", newer])
        served.stop()
        #expect(served.process.terminationStatus == 0)
    }

    @Test func `a demonstration whose key is gone makes no other for the store that is there`()
        throws
    {
        let served = try ServedCommunity()
        let key = served.data + "/master.key"
        let bytes = try Data(contentsOf: URL(fileURLWithPath: key))
        try FileManager.default.removeItem(atPath: key)
        let newer = try served.start(["--take-over"])
        newer.waitUntilExit()
        #expect(newer.terminationStatus == 1)
        #expect(served.said.contains("there is no master key"), "\(served.said)")
        #expect(!FileManager.default.fileExists(atPath: key))
        #expect(try served.curl(["http://localhost:\(served.port)/healthz"]) == "ok\n")
        try bytes.write(to: URL(fileURLWithPath: key))
        try served.takeOver()
    }

    @Test func `a real community is not taken over as a demonstration`() throws {
        let served = try ServedCommunity()
        try FileManager.default.removeItem(atPath: served.data + "/demonstration")
        let newer = try served.start(["--take-over"])
        newer.waitUntilExit()
        #expect(served.said.contains("holds a real community"))
        #expect(try served.curl(["http://localhost:\(served.port)/healthz"]) == "ok\n")
    }

    @Test func `a newer process that dies before it serves leaves the older one serving`() throws {
        let served = try ServedCommunity(["--grace", "3"])
        // What is in flight holds the older one up meanwhile.
        let slow = Process()
        slow.executableURL = URL(fileURLWithPath: "/usr/bin/bash")
        let head = #"POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\nabc"#
        slow.arguments = [
            "-c",
            "exec 3<>/dev/tcp/127.0.0.1/\(served.port); printf '\(head)' >&3; exec sleep 60",
        ]
        try slow.run()
        defer { slow.terminate() }
        Thread.sleep(forTimeInterval: 0.5)
        let newer = try served.start(["--take-over"])
        let control = served.data + "/control"
        for _ in 0..<400 where FileManager.default.fileExists(atPath: control) {
            Thread.sleep(forTimeInterval: 0.05)
        }
        #expect(!FileManager.default.fileExists(atPath: control), "it was asked to go")
        kill(newer.processIdentifier, SIGKILL)
        newer.waitUntilExit()
        slow.terminate()
        // Whoever comes waits in line until what was in flight is over.
        #expect(try served.curl(["http://localhost:\(served.port)/readyz"]) == "ready\n")
        #expect(served.process.isRunning)
        try served.takeOver()
        served.stop()
        #expect(served.process.terminationStatus == 0)
    }
}
