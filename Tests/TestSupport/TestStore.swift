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
        let database = try Database.inMemory(time: time, random: random)
        if migrated { try migrations().apply(to: database) }
        return database
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
