import Basics
import Crypto
package import Store

/// The logs of a store that was restored.
///
/// What was signed after the moment it was restored to is not in it, and from there its logs grow
/// another way: whoever saw both would hold two checkpoints of one log that contradict each other.
/// So the logs go on under an origin that nobody has seen before.
package enum Restoring {
    /// Also in a store of an earlier version, as a backup may be: the migration leaves it.
    package static func mark(_ database: Database) throws {
        try database.write { change in
            try change.run(
                """
                CREATE TABLE IF NOT EXISTS prooflog_restoring (
                    id   INTEGER NOT NULL PRIMARY KEY,
                    mark TEXT    NOT NULL UNIQUE,
                    at   INTEGER NOT NULL
                ) STRICT
                """
            )
            let day = change.now.timestamp.prefix(10)
            let mark = "restored-\(day)-\(Hex.encode(RandomSource.system.bytes(6)))"
            try change.run(
                "INSERT INTO prooflog_restoring (mark, at) VALUES (\(mark), \(change.now))"
            )
        }
    }

    /// Nil for a store that never was. One of an earlier version, looked at before it is migrated,
    /// has no table for it.
    static func mark(in data: borrowing Snapshot) throws -> String? {
        guard try data.hasTable("prooflog_restoring") else { return nil }
        return try data.value("SELECT mark FROM prooflog_restoring ORDER BY id DESC LIMIT 1")
    }
}
