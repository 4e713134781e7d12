import FoundationEssentials
import Store
import TestSupport
import Testing

@testable import App

/// What each command says of a store whose log has lost something.
@Suite(.serialized) struct DamagedLogTests {
    @Test func `what a damaged log has lost is told, and refuses to be served`() throws {
        let served = try ShippedCommunity()
        let store = served.data + "/kith.db"
        let made = served.folder.path + "/made.db"
        try FileManager.default.copyItem(atPath: store, toPath: made)
        let database = try Database(file: made)
        var ends: [Int] = []
        for _ in 1...4 {
            try database.write {
                _ = try $0.run("UPDATE store_migration SET applied_at = applied_at + 1")
            }
            ends.append(database.statistics.pagesInLog)
        }
        for end in ["", "-wal"] {
            try? FileManager.default.removeItem(atPath: store + end)
            try FileManager.default.copyItem(atPath: made + end, toPath: store + end)
        }
        var log = try Data(contentsOf: URL(filePath: store + "-wal"))
        log[32 + (ends[1] - 1) * (24 + 4096) + 1000] ^= 4
        try log.write(to: URL(filePath: store + "-wal"))

        let started = try Program.run("serve", "--data", served.data, "--port", "0")
        #expect(started.status != 0)
        #expect(started.problems.contains { $0.contains("at least 2 commits in it are lost") })
        let proved = try Program.run("proof", "export", "--log", "audit", "--data", served.data)
        #expect(proved.status == 1 && proved.lines == [])
        let copy = served.folder.path + "/copy.backup"
        let copied = try Program.run("backup", "--data", served.data, "--to", copy)
        #expect(copied.status == 1)
        #expect(copied.lines.first == "the log is damaged: at least 2 commits in it are lost")
        #expect(copied.lines.last?.contains("of a store that is not whole") == true)
        // Which is the way to go on without them.
        #expect(try served.restore("copy", from: copy).status == 0)
    }

    @Test func `what was acknowledged behind a damaged header is told by all, and brought back`()
        throws
    {
        let served = try ShippedCommunity(shipping: "null")
        try served.serve()
        var last = 0
        for _ in 0..<5 { last = try #require(try served.enter()).number }
        served.kill()
        let path = served.data + "/kith.db-wal"
        var log = try Data(contentsOf: URL(filePath: path))
        log[13] ^= 0x40
        try log.write(to: URL(filePath: path))

        let damage = "the header of the log is damaged, and commits behind it, "
        let started = try Program.run("serve", "--data", served.data, "--port", "0")
        #expect(started.status == 1 && started.problems.count == 1, "\(started)")
        #expect(started.problems.first?.contains("is not opened, since \(damage)") == true)
        let verified = try Program.run("verify", "--data", served.data)
        #expect(verified.status == 1 && verified.lines.count == 2, "\(verified)")
        #expect(verified.lines.first?.hasPrefix(damage) == true)
        let proved = try Program.run("proof", "export", "--log", "ledger", "--data", served.data)
        #expect(proved.status == 1 && proved.lines == [])
        #expect(proved.problems.count == 1 && proved.problems[0].contains(damage), "\(proved)")
        #expect(proved.problems.first?.contains("which still reads them") == true)
        let copy = served.folder.path + "/copy.backup"
        let copied = try Program.run("backup", "--data", served.data, "--to", copy)
        #expect(copied.status == 1 && copied.lines.first?.hasPrefix(damage) == true, "\(copied)")
        #expect(try Data(contentsOf: URL(filePath: path)) == log, "nobody touched it")
        #expect(try served.restore("copy", from: copy).status == 0)
        #expect(try served.entries("copy") == last)
    }
}
