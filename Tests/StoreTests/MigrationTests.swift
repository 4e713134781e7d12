import Basics
import FoundationEssentials
import Store
import TestSupport
import Testing

struct MigrationTests {
    private let folder: TestFolder

    init() throws {
        folder = try TestFolder()
        try write("0001-one.sql", "CREATE TABLE one (id INTEGER NOT NULL PRIMARY KEY) STRICT;")
        try write(
            "0002-two.sql",
            "CREATE TABLE two (id INTEGER NOT NULL PRIMARY KEY REFERENCES one) STRICT;"
        )
        try write("schema.sql", "not a migration")
    }

    private func write(_ name: String, _ text: String) throws {
        try text.write(toFile: folder.path + "/" + name, atomically: true, encoding: .utf8)
    }

    private var migrations: Migrations {
        get throws { try Migrations.load(folder: folder.path) }
    }

    @Test func `each migration runs once, in order`() throws {
        let database = try TestStore.fresh(migrated: false)
        #expect(try migrations.apply(to: database) == ["0001-one", "0002-two"])
        #expect(try migrations.apply(to: database) == [])
        try write("0003-three.sql", "ALTER TABLE one ADD COLUMN name TEXT;")
        #expect(try migrations.apply(to: database) == ["0003-three"])
        let version: Int? = try database.read { try $0.value("PRAGMA user_version") }
        #expect(version == 3)
    }

    @Test func `a migration that was changed after it ran is refused`() throws {
        let database = try TestStore.fresh(migrated: false)
        try migrations.apply(to: database)
        try write("0001-one.sql", "CREATE TABLE one (id TEXT NOT NULL PRIMARY KEY) STRICT;")
        let refusal = #expect(throws: StoreRefusedToOpen.self) {
            try migrations.apply(to: database)
        }
        #expect(
            refusal?.description == "migration 0001-one was changed after it ran: put the file "
                + "back as it was, and write a new migration"
        )
    }

    @Test func `a store newer than the program is refused`() throws {
        let database = try TestStore.fresh(migrated: false)
        try migrations.apply(to: database)
        try FileManager.default.removeItem(atPath: folder.path + "/0002-two.sql")
        let refusal = #expect(throws: StoreRefusedToOpen.self) {
            try migrations.apply(to: database)
        }
        #expect(
            refusal?.description == "the store has migration 0002-two, which this program does "
                + "not know: start the newer program, or restore an older backup"
        )
    }

    @Test func `a migration that fails leaves no trace, and those before it stay`() throws {
        let database = try TestStore.fresh(migrated: false)
        try write("0003-three.sql", "CREATE TABLE three (id INTEGER) STRICT; nonsense;")
        #expect(throws: StoreRefusedToOpen.self) { try migrations.apply(to: database) }
        let schema = try Migrations.schema(of: database)
        #expect(schema.contains("TABLE two"))
        #expect(!schema.contains("TABLE three"))
        try write("0003-three.sql", "CREATE TABLE three (id INTEGER) STRICT;")
        #expect(try migrations.apply(to: database) == ["0003-three"])
    }

    @Test func `a migration may rebuild a table others refer to, and may not orphan them`() throws {
        let database = try TestStore.fresh(migrated: false)
        try migrations.apply(to: database)
        try database.write { change in
            try change.run("INSERT INTO one (id) VALUES (1)")
            try change.run("INSERT INTO two (id) VALUES (1)")
        }
        try write(
            "0003-rebuild.sql",
            """
            CREATE TABLE fresh (id INTEGER NOT NULL PRIMARY KEY, name TEXT) STRICT;
            INSERT INTO fresh (id) SELECT id FROM one;
            DROP TABLE one;
            ALTER TABLE fresh RENAME TO one;
            """
        )
        try migrations.apply(to: database)
        try write("0004-orphan.sql", "DELETE FROM one;")
        #expect(throws: StoreRefusedToOpen.self) { try migrations.apply(to: database) }
        let kept: Int? = try database.read { try $0.value("SELECT count(*) FROM one") }
        #expect(kept == 1)
        #expect(throws: ConstraintFailure.self) {
            try database.write { try $0.run("INSERT INTO two (id) VALUES (2)") }
        }
    }

    @Test func `two migrations of one number are refused`() throws {
        try write("0002-other.sql", "SELECT 1;")
        #expect(throws: StoreRefusedToOpen.self) { try migrations }
    }
}
