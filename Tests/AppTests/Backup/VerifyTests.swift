import Foundation
import TestSupport
import Testing

@testable import App
@testable import Store

struct VerifyTests {
    private let folder: TestFolder
    private let all: Migrations
    /// Those of the version before.
    private let fewer: Migrations

    init() throws {
        folder = try TestFolder()
        all = try TestStore.migrations()
        fewer = try Migrations(all.all.dropLast())
    }

    private func store(_ migrations: Migrations) throws -> String {
        let path = folder.path + "/kith.db"
        let database = try Database(file: path)
        try migrations.apply(to: database)
        database.close()
        return path
    }

    @Test func `a store of an earlier version is whole, and stays of its version`() throws {
        let path = try store(fewer)
        let before = try Data(contentsOf: URL(filePath: path))
        #expect(try Verify.problems(at: path, all) == [])
        #expect(try Data(contentsOf: URL(filePath: path)) == before)
    }

    @Test func `whoever lost their key without being erased is named`() throws {
        let data = folder.path + "/data"
        try SeededCommunity.copy(to: data)
        let path = data + "/kith.db"
        func change(_ sql: SQL) throws {
            let database = try Database(file: path)
            defer { database.close() }
            try database.write { _ = try $0.run(sql) }
        }
        #expect(try Verify.problems(at: path, all) == [])
        try change("DELETE FROM vault_key WHERE subject = (SELECT max(id) FROM identity_person)")
        let problems = try Verify.problems(at: path, all)
        #expect(problems.count == 1)
        #expect(problems.first?.contains("has no key, and was not erased") == true)
        try change("INSERT INTO vault_erasure SELECT max(id), 0 FROM identity_person")
        #expect(try Verify.problems(at: path, all) == [])
    }

    @Test(arguments: [
        ("DROP TRIGGER ledger_entry_no_delete", "the trigger ledger_entry_no_delete is missing"),
        (
            "CREATE TRIGGER more AFTER INSERT ON ledger_entry BEGIN SELECT 1; END",
            "the trigger more is made by no migration"
        ),
        (
            "DROP INDEX channels_notice_unread; CREATE INDEX channels_notice_unread "
                + "ON channels_notice (kind)",
            "the index channels_notice_unread is not as its migration made it"
        ),
        ("CREATE TABLE more (id INTEGER) STRICT", "the table more is made by no migration"),
    ])
    func `whatever in the schema no migration made is named`(script: String, told: String) throws {
        let path = try store(all)
        let run = try ChildProcess.run("/usr/bin/sqlite3", [path, script])
        #expect(run.ending == .exited(0), "\(run.problems)")
        #expect(try Verify.problems(at: path, all) == ["schema: \(told)"])
    }

    @Test func `a store of a later version is not judged`() throws {
        let path = try store(all)
        #expect(throws: StoreRefusedToOpen.self) { try Verify.problems(at: path, fewer) }
    }
}
