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
        let home = "\(folder.path)/\(name)"
        try HomeCopy.make(at: home)
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
            #expect(newer.wait() != .exited(0))
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
        #expect(served.stop() == .exited(0))
    }

    @Test func `a demonstration whose key is gone makes no other for the store that is there`()
        throws
    {
        let served = try ServedCommunity()
        let key = served.data + "/master.key"
        let bytes = try Data(contentsOf: URL(fileURLWithPath: key))
        try FileManager.default.removeItem(atPath: key)
        let newer = try served.start(["--take-over"])
        #expect(newer.wait() == .exited(1))
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
        newer.wait()
        #expect(served.said.contains("holds a real community"))
        #expect(try served.curl(["http://localhost:\(served.port)/healthz"]) == "ok\n")
    }

    @Test func `a newer process that dies before it serves leaves the older one serving`() throws {
        let served = try ServedCommunity(["--grace", "3"])
        // What is in flight holds the older one up meanwhile.
        let slow = try served.holdUp()
        let newer = try served.startToTakeOver()
        newer.kill()
        slow.stop()
        // Whoever comes waits in line until what was in flight is over.
        #expect(try served.curl(["http://localhost:\(served.port)/readyz"]) == "ready\n")
        #expect(served.process.isRunning)
        try served.takeOver()
        #expect(served.stop() == .exited(0))
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func `a newer process that is told to end before it serves ends at once`(signal: Int32) throws {
        // Which is longer than anybody waits here.
        let served = try ServedCommunity(["--grace", "600"])
        let slow = try served.holdUp()
        let newer = try served.startToTakeOver()
        newer.signal(signal)
        #expect(comes { !newer.isRunning }, "it waits still")
        #expect(newer.kill() == .signalled(signal))
        #expect(
            served.said.contains(
                "kith: told to end before it served; the process that it was to replace serves on"
            ),
            "\(served.said)"
        )
        slow.stop()
        #expect(try served.curl(["http://localhost:\(served.port)/readyz"]) == "ready\n")
        #expect(served.stop() == .exited(0))
    }

    @Test func `SIGHUP to one that waits to take over is heard once it serves`() throws {
        let served = try ServedCommunity(["--grace", "30"])
        let slow = try served.holdUp()
        let newer = try served.startToTakeOver()
        let told = "were read anew"
        try write(#"{"name": "Harbour"}"#, served.data + "/community.json")
        newer.signal(SIGHUP)
        slow.stop()
        #expect(served.process.wait() == .exited(0))
        for _ in 0..<600 where !served.said.contains(told) { Thread.sleep(forTimeInterval: 0.1) }
        #expect(served.said.contains(told), "\(served.said)")
        #expect(try served.curl(["http://localhost:\(served.port)/"]).contains("Harbour"))
        #expect(newer.stop() == .exited(0))
    }

    @Test func `one that is told to end while it tries migrations leaves no copy of the store`()
        throws
    {
        let data = folder.path + "/data"
        try SeededCommunity.copy(to: data)
        let slow = try home("slow") { migrations in
            try write(
                """
                CREATE TABLE slow AS WITH RECURSIVE n(i) AS
                    (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000000000)
                    SELECT count(*) AS count FROM n;
                """,
                migrations + "/9000-slow.sql"
            )
        }
        let temporary = folder.path + "/temporary"
        let said = folder.path + "/said"
        for made in [temporary, said] { try Opening.folder(made) }
        let process = try Program.start(
            "/usr/bin/env",
            [
                "TMPDIR=\(temporary)", Program.path, "serve", "--data", data, "--take-over",
                "--home", slow, "--port", "0",
            ],
            said: said
        )
        func copies() throws -> [String] {
            try FileManager.default.subpathsOfDirectory(atPath: temporary)
        }
        let isCopied = try comes { try copies().contains { $0.hasSuffix("/store.db") } }
        #expect(isCopied)
        Thread.sleep(forTimeInterval: 0.5)
        #expect(try !copies().isEmpty)
        process.signal(SIGTERM)
        #expect(comes { !process.isRunning }, "it tries still")
        process.kill()
        #expect(try Program.lines(said + "/problems") == ["kith: told to end before it served"])
        #expect(try copies() == [])
    }

    @Test func `a process that is told to end does not go on for one that died in taking over`()
        throws
    {
        let served = try ServedCommunity(["--grace", "30"])
        let slow = try served.holdUp()
        let newer = try served.startToTakeOver()
        newer.kill()
        served.signal(SIGTERM)
        Thread.sleep(forTimeInterval: 0.5)
        slow.stop()
        #expect(served.process.wait() == .exited(0))
        #expect(!served.said.contains("serves on"), "\(served.said)")
    }

    @Test func `a take-over at another address is refused, and the older process serves on`()
        throws
    {
        let served = try ServedCommunity()
        for told in ["0.0.0.0", "::"] {
            let newer = try served.start(["--take-over", "--address", told])
            _ = comes { !newer.isRunning || !served.process.isRunning }
            if !served.process.isRunning { newer.signal(SIGTERM) }
            #expect(newer.wait() == .exited(2))
            #expect(
                served.said.contains(
                    "the process that is to be replaced serves at address 127.0.0.1, not \(told)"
                ),
                "\(served.said)"
            )
        }
        try #require(served.process.isRunning)
        #expect(try served.curl(["http://localhost:\(served.port)/healthz"]) == "ok\n")
        try served.takeOver(["--address", "127.0.0.1"])
        #expect(served.stop() == .exited(0))
    }

    @Test func `without a port the links in letters lead to the one that was taken over`() throws {
        let served = try ServedCommunity()
        let said = try TestFolder()
        let newer = try Program.start(
            Program.path,
            ["serve", "--demo", "--data", served.data, "--take-over"],
            said: said.path
        )
        served.process.wait()
        let address = "http://localhost:\(served.port)"
        let jar = folder.path + "/cookies"
        let page = try served.curl(["-c", jar, address + "/password-reset"])
        let token = try #require(page.firstMatch(of: /name="token" value="([^"]+)"/)).1
        _ = try served.curl([
            "-b", jar, "-H", "Origin: \(address)", "--data-urlencode", "token=\(token)",
            "-d", "name=ben", address + "/password-reset",
        ])
        func letters() throws -> String { try served.curl([address + "/demonstration/mail"]) }
        let isWritten = try comes { try letters().contains("/password-reset/") }
        #expect(isWritten)
        #expect(try letters().contains(address + "/password-reset/"))
        #expect(newer.stop() == .exited(0))
    }
}
