import Foundation
import TestSupport
import Testing

@testable import App
@testable import Store

struct VerifyTests {
    private let folder: TestFolder
    private let all: Migrations
    /// Those of the version before.
    private let fewer: Migrations

    init() throws {
        folder = try TestFolder()
        all = try TestStore.migrations()
        fewer = try Migrations(all.all.dropLast())
    }

    private func store(_ migrations: Migrations) throws -> String {
        let path = folder.path + "/kith.db"
        let database = try Database(file: path)
        try migrations.apply(to: database)
        database.close()
        return path
    }

    @Test func `a store of an earlier version is whole, and stays of its version`() throws {
        let path = try store(fewer)
        let before = try Data(contentsOf: URL(filePath: path))
        #expect(try Verify.problems(at: path, all) == [])
        #expect(try Data(contentsOf: URL(filePath: path)) == before)
    }

    @Test func `a store of a later version is not judged`() throws {
        let path = try store(all)
        #expect(throws: StoreRefusedToOpen.self) { try Verify.problems(at: path, fewer) }
    }
}
