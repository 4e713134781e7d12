import Basics
import Store

struct Attempt: Sendable {
    let failures: Int64
    /// The last wrong try, or up to when forgetting has been counted.
    let lastAt: Instant
    let freeAt: Instant
}

enum AttemptStore {
    static func find(_ key: [UInt8], in data: borrowing Snapshot) throws -> Attempt? {
        try data.first(
            "SELECT failures, last_at, free_at FROM identity_attempt WHERE key = \(key)"
        ) { row in
            Attempt(failures: try row[0], lastAt: try row[1], freeAt: try row[2])
        }
    }

    static func put(
        _ key: [UInt8],
        failures: Int64,
        countedAt: Instant,
        freeAt: Instant,
        in change: borrowing Change
    ) throws {
        try change.run(
            """
            INSERT INTO identity_attempt (key, failures, last_at, free_at)
            VALUES (\(key), \(failures), \(countedAt), \(freeAt))
            ON CONFLICT (key) DO UPDATE
            SET failures = excluded.failures, last_at = excluded.last_at,
                free_at = excluded.free_at
            """
        )
    }

    static func delete(_ key: [UInt8], in change: borrowing Change) throws {
        try change.run("DELETE FROM identity_attempt WHERE key = \(key)")
    }

    static func deleteAll(before: Instant, in change: borrowing Change) throws {
        try change.run("DELETE FROM identity_attempt WHERE last_at < \(before)")
    }
}
