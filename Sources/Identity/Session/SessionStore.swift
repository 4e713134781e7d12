import Basics
import Store

struct Session: Sendable {
    let person: Person.ID
    let seenAt: Instant
    let endsAt: Instant
}

enum SessionStore {
    static func find(hash: [UInt8], in data: borrowing Snapshot) throws -> Session? {
        try data.first(
            "SELECT person, seen_at, ends_at FROM identity_session WHERE token_hash = \(hash)"
        ) { row in
            Session(person: try row[0], seenAt: try row[1], endsAt: try row[2])
        }
    }

    static func insert(
        hash: [UInt8],
        person: Person.ID,
        endsAt: Instant,
        in change: borrowing Change
    ) throws {
        // Room is made for the new one, so that ended sessions do not pile up.
        try change.run(
            "DELETE FROM identity_session WHERE person = \(person) AND ends_at < \(change.now)"
        )
        try change.run(
            """
            INSERT INTO identity_session (token_hash, person, made_at, seen_at, ends_at)
            VALUES (\(hash), \(person), \(change.now), \(change.now), \(endsAt))
            """
        )
    }

    static func touch(hash: [UInt8], in change: borrowing Change) throws {
        try change.run(
            "UPDATE identity_session SET seen_at = \(change.now) WHERE token_hash = \(hash)"
        )
    }

    static func deleteAll(of person: Person.ID, in change: borrowing Change) throws {
        try change.run("DELETE FROM identity_session WHERE person = \(person)")
    }

    static func delete(hash: [UInt8], in change: borrowing Change) throws {
        try change.run("DELETE FROM identity_session WHERE token_hash = \(hash)")
    }
}
