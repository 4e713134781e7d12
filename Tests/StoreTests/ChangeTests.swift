import Basics
import Store
import TestSupport
import Testing

struct ChangeTests {
    private enum Note {}

    private func database() throws -> Database {
        let database = try TestStore.fresh(migrated: false)
        try database.write { change in
            try change.run(
                """
                CREATE TABLE note (
                    id INTEGER NOT NULL PRIMARY KEY,
                    text TEXT NOT NULL UNIQUE CHECK (text <> ''),
                    parent INTEGER REFERENCES note
                ) STRICT
                """
            )
        }
        return database
    }

    private func find(_ text: String, in snapshot: borrowing Snapshot) throws -> Int64? {
        try snapshot.value("SELECT id FROM note WHERE text = \(text)")
    }

    @Test func `a change sees what it has done, through its own snapshot`() throws {
        let database = try database()
        let found = try database.write { change in
            try change.run("INSERT INTO note (id, text) VALUES (1, 'one')")
            return try find("one", in: change.snapshot)
        }
        #expect(found == 1)
    }

    @Test func `a change can write while it reads`() throws {
        let database = try database()
        try database.write { change in
            try change.run("INSERT INTO note (id, text) VALUES (1, 'one'), (2, 'two')")
            try change.snapshot.each("SELECT id, text FROM note WHERE id < 10") { row in
                let id: Int64 = try row[0]
                let text: String = try row[1]
                try change.run("INSERT INTO note (id, text) VALUES (\(id + 10), \(text + "!"))")
            }
        }
        let count: Int? = try database.read { try $0.value("SELECT count(*) FROM note") }
        #expect(count == 4)
    }

    @Test func `a change that throws leaves no trace`() throws {
        struct Stop: Error {}
        let database = try database()
        #expect(throws: Stop.self) {
            try database.write { change in
                try change.run("INSERT INTO note (id, text) VALUES (1, 'one')")
                throw Stop()
            }
        }
        let found = try database.read { try find("one", in: $0) }
        #expect(found == nil)
    }
}
