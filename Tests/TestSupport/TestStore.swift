package import Basics
import FoundationEssentials
package import Store

/// A store for one test, real and empty.
package enum TestStore {
    /// With the schema of all migrations unless told otherwise. It goes when the test lets go
    /// of it.
    package static func fresh(
        migrated: Bool = true,
        time: TimeSource = .system,
        random: RandomSource = .system
    ) throws -> Database {
        let pattern = migrated ? try pattern.get().path + "/store.db" : nil
        return try Database.inMemory(time: time, random: random, copyOf: pattern)
    }

    /// Migrated once for the whole run, then copied for each test.
    private static let pattern = Result {
        let folder = try TestFolder()
        let database = try Database(file: folder.path + "/store.db")
        try migrations().apply(to: database)
        database.close()
        return folder
    }

    package static func migrations() throws -> Migrations {
        try Migrations.load(folder: migrationsFolder)
    }

    package static var migrationsFolder: String { repository + "/Migrations" }

    /// Where the repository is, found from where this file is.
    package static let repository: String = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .path
}
