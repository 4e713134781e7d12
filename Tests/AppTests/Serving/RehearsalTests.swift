import Foundation
import Store
import TestSupport
import Testing
import Vault

@testable import App

/// What is found about many before the process that serves them is asked to go.
@Suite struct RehearsalTests {
    private let folder: TestFolder
    private let names = ["north.example", "south.example"]

    init() throws {
        folder = try TestFolder()
        for name in names { try ManyCommunities.make(name, in: folder.path) }
    }

    private func path(_ name: String) -> String { "\(folder.path)/\(name)" }

    /// Of whom it is told that they cannot be opened.
    private func told(_ migrations: Migrations? = nil) throws -> [String] {
        var home = try LivedDemonstration.home.get()
        if let migrations {
            home = Home(
                path: home.path,
                languages: home.languages,
                templates: home.templates,
                files: home.files,
                interface: home.interface,
                migrations: migrations
            )
        }
        let plan = try ServingPlan(
            Options(["serve", "--communities", folder.path, "--home", TestStore.repository]),
            home: home
        )
        var told: [String] = []
        try Rehearsal(plan: plan, names: names) { name, _ in told.append(name) }.run()
        return told
    }

    /// The program's own, changed.
    private func migrations(_ change: (String) throws -> Void) throws -> Migrations {
        let copy = path("migrations")
        try FileManager.default.copyItem(atPath: TestStore.migrationsFolder, toPath: copy)
        try change(copy)
        return try Migrations.load(folder: copy)
    }

    private func makeNewer(_ name: String) throws {
        let ended = try Program.run(
            "/usr/bin/sqlite3",
            [
                path(name) + "/kith.db",
                "INSERT INTO store_migration VALUES (9000, '9000-later', 'x', 0)",
            ]
        )
        #expect(ended.status == 0)
    }

    @Test func `where all is well nothing is told, and no store is changed`() throws {
        let store = URL(fileURLWithPath: path("north.example") + "/kith.db")
        let before = try Data(contentsOf: store)
        #expect(try told() == [])
        #expect(try Data(contentsOf: store) == before)
        try FileManager.default.removeItem(at: store)
        #expect(try told() == [], "one that has no store yet")
    }

    @Test func `one with another's key is told, and stops no other`() throws {
        let key = path("north.example") + "/master.key"
        try FileManager.default.removeItem(atPath: key)
        try MasterKey.create(key)
        #expect(try told() == ["north.example"])
    }

    @Test func `a newer store is told, and only one that is served now keeps the older process`()
        throws
    {
        try makeNewer("north.example")
        #expect(try told() == ["north.example"])
        let lock = try FileLock(serving: path("north.example") + "/kith.db")
        defer { lock.release() }
        let refusal = #expect(throws: Unusable.self) { try told() }
        #expect(refusal?.description.hasPrefix("north.example: the store has migration") == true)
    }

    @Test func `one that is served and whose settings or key do not fit keeps the older process`()
        throws
    {
        let lock = try FileLock(serving: path("north.example") + "/kith.db")
        defer { lock.release() }
        try ManyCommunities.settings("{nope", of: path("north.example"))
        let settings = #expect(throws: Unusable.self) { try told() }
        #expect(settings?.description.hasPrefix("north.example: ") == true)
        #expect(settings?.description.contains("cannot be read as settings") == true)
        try ManyCommunities.settings("{}", of: path("north.example"))
        #expect(try told() == [])

        let key = path("north.example") + "/master.key"
        try FileManager.default.removeItem(atPath: key)
        let gone = #expect(throws: Unusable.self) { try told() }
        #expect(gone?.description.hasPrefix("north.example: there is no master key") == true)
        try MasterKey.create(key)
        let other = #expect(throws: Unusable.self) { try told() }
        #expect(other?.description.hasPrefix("north.example: the master key is not") == true)
        // Nobody is inside.
        lock.release()
        #expect(try told() == ["north.example"])
    }

    @Test func `one whose store is damaged keeps nobody, though it is served`() throws {
        try Data(repeating: 7, count: 65_536)
            .write(to: URL(fileURLWithPath: path("north.example") + "/kith.db"))
        let lock = try FileLock(serving: path("north.example") + "/kith.db")
        defer { lock.release() }
        #expect(try told() == ["north.example"])
    }

    @Test func `a program that is older than all stores takes none over`() throws {
        let older = try migrations { folder in
            let last = try FileManager.default.contentsOfDirectory(atPath: folder)
                .filter { $0.hasPrefix("0") }.max()
            try FileManager.default.removeItem(atPath: "\(folder)/\(try #require(last))")
        }
        let refusal = #expect(throws: Unusable.self) { try told(older) }
        #expect(refusal?.description.contains("which this program does not know") == true)
    }

    @Test func `a new migration that fails by itself takes none over`() throws {
        let mistyped = try migrations { folder in
            try "CREATE TABEL new (id INTEGER);"
                .write(toFile: folder + "/9000-new.sql", atomically: true, encoding: .utf8)
        }
        let refusal = #expect(throws: StoreRefusedToOpen.self) { try told(mistyped) }
        #expect(refusal?.description.hasPrefix("migration 9000-new failed") == true)
    }
}
