import Basics
import Crypto
import Foundation
import Store
import TestSupport
import Testing
import Vault

@testable import App

/// `kith backup` and `kith restore`, as whoever runs a community uses them.
@Suite(.serialized) struct BackupCommandTests {
    @Test func `a backup of a store that is served holds all that was acknowledged`() throws {
        let served = try ShippedCommunity()
        try served.serve()
        let before = try #require(try served.enter())
        let copy = served.folder.path + "/copy.backup"
        let made = try Program.run("backup", "--data", served.data, "--to", copy)
        #expect(made.status == 0, "\(made)")
        #expect(made.lines.count == 1 && made.lines[0].contains("restored and verified it in"))
        let after = try #require(try served.enter())
        #expect(after.number == before.number + 1, "it goes on serving")

        let restored = try served.restore("copy", from: copy)
        #expect(restored.status == 0 && restored.lines.count == 1)
        #expect(try served.entries("copy") == before.number)
        let files = try FileManager.default.contentsOfDirectory(atPath: served.folder.path)
        #expect(!files.contains { $0.hasSuffix(".unfinished") })
    }

    @Test func `a backup of a store at rest, into a folder, is named by its time`() throws {
        let served = try ShippedCommunity()
        let folder = served.folder.path + "/backups"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        #expect(try Program.run("backup", "--data", served.data, "--to", folder).status == 0)
        let name = try #require(
            try FileManager.default.contentsOfDirectory(atPath: folder).first
        )
        #expect(name.firstMatch(of: /^kith-\d{8}T\d{9}Z\.backup$/) != nil)
        let path = "\(folder)/\(name)"
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        // Every SQLite file begins so, and every store has this table.
        #expect(bytes.firstRange(of: Array("SQLite format 3".utf8)) == nil)
        #expect(bytes.firstRange(of: Array("vault_key".utf8)) == nil)
        let again = try Program.run("backup", "--data", served.data, "--to", path)
        #expect(again.status == 2 && again.problems.count == 1, "nothing is written over")
    }

    @Test func `a true copy of a store that is not whole is kept, and says so`() throws {
        let served = try ShippedCommunity()
        let store = served.data + "/kith.db"
        let tampered = try Program.run(
            "/usr/bin/sqlite3",
            [
                store,
                "DROP TRIGGER ledger_leg_no_update; UPDATE ledger_leg SET amount = amount + 1 "
                    + "WHERE entry = 1;",
            ]
        )
        #expect(tampered.status == 0, "\(tampered)")
        let copy = served.folder.path + "/copy.backup"
        let made = try Program.run("backup", "--data", served.data, "--to", copy)
        #expect(made.status == 1)
        #expect(made.lines.last?.contains("a true copy of a store that is not whole") == true)
        #expect(try served.restore("copy", from: copy).status == 1)
    }

    /// A community that was served and shipped, and a backup of it.
    private func backedUp() throws -> (served: ShippedCommunity, copy: String) {
        let served = try ShippedCommunity()
        try served.serve()
        try served.waitForBase()
        served.stop()
        let copy = served.folder.path + "/copy.backup"
        #expect(try Program.run("backup", "--data", served.data, "--to", copy).status == 0)
        return (served, copy)
    }

    @Test func `a restored store is marked before it can be served, whatever comes then`() throws {
        let (served, copy) = try backedUp()
        // An older program cannot look it through.
        let home = served.folder.path + "/older"
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: false)
        try FileManager.default.copyItem(
            atPath: TestStore.migrationsFolder,
            toPath: home + "/Migrations"
        )
        let file = try #require(
            try FileManager.default.contentsOfDirectory(atPath: home + "/Migrations")
                .filter { $0.first?.isNumber == true }.sorted().last
        )
        try FileManager.default.removeItem(atPath: "\(home)/Migrations/\(file)")
        for (name, place) in [("one", copy), ("other", served.place)] {
            let data = "\(served.folder.path)/\(name)"
            let ended = try Program.run(
                Program.path,
                [
                    "restore", "--from", place, "--to", data, "--backup-key", served.key,
                    "--home", home,
                ]
            )
            #expect(ended.status == 1 && ended.problems.count == 1, "\(ended)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: data) == ["kith.db"])
            let store = try Database.open(forReading: data + "/kith.db")
            let marks = try store.read { data in
                try data.value("SELECT count(*) FROM prooflog_restoring") as Int?
            }
            #expect(marks == 1)
        }
    }

    @Test func `what is too damaged to be served is restored all the same, and says so`() throws {
        let served = try ShippedCommunity()
        let store = served.data + "/kith.db"
        let look = try Database.open(forReading: store)
        let page = try look.read { data in
            try data.value(
                "SELECT rootpage FROM sqlite_schema WHERE name = 'prooflog_restoring'"
            ) as Int?
        }
        look.close()
        var bytes = try Data(contentsOf: URL(filePath: store))
        let start = (try #require(page) - 1) * 4096
        bytes.replaceSubrange(start..<start + 4096, with: Data(repeating: 0xA5, count: 4096))
        try bytes.write(to: URL(filePath: store))
        let copy = served.folder.path + "/copy.backup"
        #expect(try Program.run("backup", "--data", served.data, "--to", copy).status == 1)
        let restored = try served.restore("copy", from: copy)
        #expect(restored.status == 1)
        #expect(restored.lines.first?.contains("do not serve it") == true)
        #expect(restored.lines.last?.contains("it is not whole") == true, "\(restored)")
        #expect(try served.entries("copy") > 0)
        let files = try FileManager.default.contentsOfDirectory(
            atPath: served.folder.path + "/copy"
        )
        #expect(files == ["kith.db"])
        let verified = try Program.run("verify", "--data", served.data)
        #expect(verified.status == 1 && verified.lines.last?.contains("is not whole") == true)
    }

    @Test func `a backup that was changed, cut short or put in another order is refused`() throws {
        let served = try ShippedCommunity()
        let path = served.folder.path + "/copy.backup"
        #expect(try Program.run("backup", "--data", served.data, "--to", path).status == 0)
        let whole = [UInt8](try Data(contentsOf: URL(filePath: path)))
        let head = Array(whole.prefix(46))
        let chunks = stride(
            from: head.count,
            to: whole.count,
            by: SealedStream.sealedChunkCount
        ).map { Array(whole[$0...].prefix(SealedStream.sealedChunkCount)) }
        try #require(chunks.count > 3)
        var broken: [[UInt8]] = []
        for place in [0, 13, 14, 45, 46, 70_000, whole.count / 2, whole.count - 1] {
            var bytes = whole
            bytes[place] ^= 1
            broken.append(bytes)
        }
        for count in [0, 10, 40, 46, 1000, whole.count - chunks[0].count, whole.count - 1] {
            broken.append(Array(whole.prefix(count)))
        }
        broken.append(head + chunks[0])
        broken.append(head + chunks.dropFirst().joined())
        broken.append(head + chunks.dropLast().joined())
        broken.append(head + chunks[1] + chunks[0] + chunks.dropFirst(2).joined())
        broken.append(whole + [0])
        let key = try BackupKey.load(served.key).key
        for (number, bytes) in broken.enumerated() {
            let file = served.folder.path + "/broken-\(number)"
            try Data(bytes).write(to: URL(filePath: file))
            let target = served.folder.path + "/none"
            #expect(throws: BackupRefused.self, "\(number)") {
                try BackupFile.open(file, to: target, key)
            }
            #expect(!FileManager.default.fileExists(atPath: target))
            #expect(!FileManager.default.fileExists(atPath: target + ".unfinished"))
        }
        let refused = try served.restore("none", from: served.folder.path + "/broken-5")
        #expect(refused.status == 1 && refused.lines == [] && refused.problems.count == 1)
        #expect(!FileManager.default.fileExists(atPath: served.folder.path + "/none"))
    }

    @Test func `with another key nothing is restored, in one clear line`() throws {
        let (served, copy) = try backedUp()
        try FileManager.default.removeItem(atPath: served.key)
        #expect(try Program.run("keys", "create", "backup", "--data", served.data).status == 0)
        for place in [copy, served.place] {
            let ended = try served.restore("none", from: place)
            #expect(ended.status == 1 && ended.problems.count == 1)
            #expect(ended.problems.first?.contains("the backup key is not the one") == true)
            #expect(!FileManager.default.fileExists(atPath: served.folder.path + "/none"))
        }
    }

    @Test func `what was shipped and then damaged is refused, up to a given time it is not`() throws
    {
        let served = try ShippedCommunity()
        try served.serve()
        try served.waitForBase()
        let first = try #require(try served.enter())
        usleep(1_000_000)
        for _ in 0..<3 { _ = try served.enter() }
        served.stop()
        let name = try #require(
            try FileManager.default.contentsOfDirectory(atPath: served.place)
                .filter { $0.hasPrefix("log") }.sorted().last
        )
        let log = URL(filePath: "\(served.place)/\(name)")
        var bytes = [UInt8](try Data(contentsOf: log))
        bytes[bytes.count - 100] ^= 1
        try Data(bytes).write(to: log)
        let refused = try served.restore("none")
        #expect(refused.status == 1 && refused.problems.count == 1)
        #expect(refused.problems.first?.contains("add --despite-damage") == true)
        let some = served.folder.path + "/some"
        let made = try Program.run(
            Program.path,
            [
                "restore", "--from", served.place, "--to", some, "--backup-key", served.key,
                "--despite-damage",
            ]
        )
        #expect(made.status == 0)
        #expect(try served.entries("some") >= first.number)
    }

    @Test func `a restore asks for what it needs, and writes over nothing`() throws {
        let served = try ShippedCommunity()
        let copy = served.folder.path + "/copy.backup"
        #expect(try Program.run("backup", "--data", served.data, "--to", copy).status == 0)
        let full = try served.restore("data", from: copy)
        #expect(full.status == 2 && full.problems.first?.contains("is not empty") == true)
        let gone = try served.restore("new", from: served.folder.path + "/nowhere")
        #expect(gone.status == 2)
        let moment = try served.restore("new", from: copy, at: TimeSource.system.now())
        #expect(moment.status == 2 && moment.problems.first?.contains("leave --at out") == true)
        let unclear = try Program.run(
            Program.path,
            [
                "restore", "--from", copy, "--to", served.folder.path + "/new", "--at", "yesterday",
                "--backup-key", served.key,
            ]
        )
        #expect(unclear.status == 2 && unclear.problems.first?.contains("with its offset") == true)
        #expect(!FileManager.default.fileExists(atPath: served.folder.path + "/new"))
        #expect(try Program.run("restore").status == 2)
        #expect(try Program.run("backup").status == 2)
    }
}
