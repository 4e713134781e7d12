import Store
import TestSupport
import Testing

struct ConstraintTests {
    private func failure(of sql: SQL) throws -> ConstraintFailure? {
        let database = try Notes.store()
        try database.write { try Notes.add(1, in: $0) }
        return #expect(throws: ConstraintFailure.self) {
            try database.write { try $0.run(sql) }
        }
    }

    @Test(
        arguments: [
            ("INSERT INTO note (id, text) VALUES (2, 'note 1')", .unique, "note.text"),
            ("INSERT INTO note (id, text) VALUES (1, 'x')", .unique, "note.id"),
            ("INSERT INTO note (id, text) VALUES (2, '')", .check, "text <> ''"),
            ("INSERT INTO note (id, text) VALUES (2, NULL)", .notNull, "note.text"),
            ("DELETE FROM note", .trigger("notes stay"), "notes stay"),
            (
                "INSERT INTO note (id, text, parent) VALUES (2, 'x', 9)", .foreignKey,
                "a deferred foreign key"
            ),
        ] as [(SQL, ConstraintFailure.Kind, String)]
    )
    func `each kind of constraint is told apart`(
        sql: SQL,
        kind: ConstraintFailure.Kind,
        detail: String
    ) throws {
        let failure = try failure(of: sql)
        #expect(failure?.kind == kind)
        #expect(failure?.detail == detail)
    }

    @Test func `a foreign key that is put right before the end is no failure`() throws {
        let database = try Notes.store()
        try database.write { change in
            try change.run("INSERT INTO note (id, text, parent) VALUES (2, 'x', 1)")
            try Notes.add(1, in: change)
        }
        #expect(try Notes.ids(in: database) == [1, 2])
    }

    @Test func `a fault names its statement and none of its values`() throws {
        let database = try Notes.store()
        let secret = "a secret"
        let fault = #expect(throws: StoreFault.self) {
            try database.write { try $0.run("INSERT INTO nowhere VALUES (\(secret))") }
        }
        #expect(fault?.sql == "INSERT INTO nowhere VALUES (?)")
        #expect(fault?.description.contains(secret) == false)
    }
}
