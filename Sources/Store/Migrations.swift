import Basics
import FoundationEssentials

/// The numbered SQL files that make the schema, forward only: `0003-events.sql`. Each runs once,
/// in a transaction of its own, and must not change afterwards.
package struct Migrations: Sendable {
    struct Migration: Sendable {
        let version: Int64
        let name: String
        let text: String
        let checksum: String

        init(version: Int64, name: String, text: String) {
            self.version = version
            self.name = name
            self.text = text
            checksum = Checksum(of: text).description
        }
    }

    let all: [Migration]

    /// Reads every `.sql` file whose name begins with a number; `schema.sql` is not one.
    package static func load(folder: String) throws -> Migrations {
        var all: [Migration] = []
        for file in try FileManager.default.contentsOfDirectory(atPath: folder) {
            guard file.hasSuffix(".sql"), let version = Int64(file.prefix { $0 != "-" }) else {
                continue
            }
            let text = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
            all.append(Migration(version: version, name: String(file.dropLast(4)), text: text))
        }
        return try Migrations(all)
    }

    init(_ all: [Migration]) throws {
        self.all = all.sorted { $0.version < $1.version }
        for (one, next) in zip(self.all, self.all.dropFirst()) where one.version == next.version {
            throw StoreRefusedToOpen(
                description: "two migrations have one number: \(one.name) and \(next.name)"
            )
        }
    }

    /// Applies what is missing and gives back its names. Throws `StoreRefusedToOpen`, one clear
    /// line, if a migration was changed after it ran, or the store is newer than this program.
    @discardableResult
    package func apply(to database: Database) throws -> [String] {
        let now = database.time.now()
        return try database.alone { connection in
            try connection.control(
                """
                CREATE TABLE IF NOT EXISTS store_migration (
                    version INTEGER NOT NULL PRIMARY KEY,
                    name TEXT NOT NULL UNIQUE,
                    checksum TEXT NOT NULL,
                    applied_at INTEGER NOT NULL
                ) STRICT
                """
            )
            let missing = try missing(in: Snapshot(connection))
            for migration in missing { try connection.migrate(migration, at: now.milliseconds) }
            return missing.map(\.name)
        }
    }

    /// What `apply` would apply. Throws what it would throw before it applies anything.
    func missing(in data: borrowing Snapshot) throws -> [Migration] {
        let applied = try Applied.read(data)
        try applied.check(against: all)
        return all.filter { applied.checksums[$0.version] == nil }
    }
}

/// What a store says has been done to it.
private struct Applied {
    let names: [Int64: String]
    let checksums: [Int64: String]

    /// Nothing in a store that is only just being made.
    static func read(_ data: borrowing Snapshot) throws -> Applied {
        var names: [Int64: String] = [:]
        var checksums: [Int64: String] = [:]
        let isThere: Int? = try data.value(
            "SELECT 1 FROM sqlite_schema WHERE name = 'store_migration'"
        )
        guard isThere != nil else { return Applied(names: names, checksums: checksums) }
        try data.each("SELECT version, name, checksum FROM store_migration") { row in
            let version: Int64 = try row[0]
            names[version] = try row[1]
            checksums[version] = try row[2]
        }
        return Applied(names: names, checksums: checksums)
    }

    func check(against all: [Migrations.Migration]) throws {
        let known = Dictionary(uniqueKeysWithValues: all.map { ($0.version, $0) })
        for (version, name) in names.sorted(by: { $0.key < $1.key }) {
            guard let migration = known[version] else {
                throw StoreRefusedToOpen(
                    description: "the store has migration \(name), which this program does not "
                        + "know: start the newer program, or restore an older backup"
                )
            }
            guard migration.checksum == checksums[version] else {
                throw StoreRefusedToOpen(
                    description: "migration \(migration.name) was changed after it ran: put the "
                        + "file back as it was, and write a new migration"
                )
            }
        }
    }
}

extension Connection {
    /// Foreign keys are off while a migration runs, since rebuilding a table would otherwise
    /// delete what refers to it; they are all checked before it is kept.
    fileprivate func migrate(_ migration: Migrations.Migration, at milliseconds: Int64) throws {
        try control("PRAGMA foreign_keys = OFF")
        defer { try? control("PRAGMA foreign_keys = ON") }
        try control("BEGIN IMMEDIATE")
        do {
            try script(migration.text)
            let broken = try with("PRAGMA foreign_key_check", .control) { try $0.step() }
            guard !broken else {
                throw ConstraintFailure(kind: .foreignKey, detail: "after the migration")
            }
            try with(
                """
                INSERT INTO store_migration (version, name, checksum, applied_at)
                VALUES (\(migration.version), \(migration.name), \(migration.checksum),
                    \(milliseconds))
                """,
                .writing
            ) { _ = try $0.step() }
            try script("PRAGMA user_version = \(migration.version)")
            try control("COMMIT")
        } catch {
            if inTransaction { try control("ROLLBACK") }
            throw StoreRefusedToOpen(description: "migration \(migration.name) failed: \(error)")
        }
    }
}
