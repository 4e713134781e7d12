import Basics
import Glibc
import TestSupport
import Testing

@testable import Store

/// A table to try things on.
enum Notes {
    static func create(in change: borrowing Change) throws {
        try change.run(
            """
            CREATE TABLE note (
                id INTEGER NOT NULL PRIMARY KEY,
                text TEXT NOT NULL UNIQUE CHECK (text <> ''),
                parent INTEGER REFERENCES note DEFERRABLE INITIALLY DEFERRED
            ) STRICT
            """
        )
        try change.run(
            """
            CREATE TRIGGER note_stays BEFORE DELETE ON note
            BEGIN SELECT RAISE(ABORT, 'notes stay'); END
            """
        )
    }

    static func store() throws -> Database {
        let database = try TestStore.fresh(migrated: false)
        try database.write { try create(in: $0) }
        return database
    }

    static func add(_ id: Int, in change: borrowing Change) throws {
        try change.run("INSERT INTO note (id, text) VALUES (\(id), \("note \(id)"))")
    }

    static func ids(in snapshot: borrowing Snapshot) throws -> [Int] {
        try snapshot.all("SELECT id FROM note ORDER BY id") { try $0[0] }
    }

    static func ids(in database: Database) throws -> [Int] {
        try database.read { try ids(in: $0) }
    }
}

struct Stop: Error {}

extension Database {
    /// Waits until the writer is done with the changes before and the checkpoint that may follow:
    /// the first may find the turn free, the second comes before the checkpoint, the third after.
    func settle() {
        for _ in 0..<3 { try? alone { _ in } }
    }
}

/// Waits until something is so that happens in the background.
func wait(
    seconds: Int = 20,
    _ what: () throws -> Bool,
    at location: SourceLocation = #_sourceLocation
) throws {
    for _ in 0..<seconds * 100 {
        if try what() { return }
        usleep(10_000)
    }
    Issue.record("it did not come about", sourceLocation: location)
}
