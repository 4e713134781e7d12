import Foundation
import Store
import Synchronization
import TestSupport
import Testing
import Vault

@testable import App

/// A data folder without a store: one that begins, or one whose store was lost.
@Suite struct NewStoreTests {
    private let folder: TestFolder
    private var data: String { folder.path + "/data" }
    private var place: String { folder.path + "/second" }
    private var store: String { data + "/kith.db" }

    init() throws {
        folder = try TestFolder()
        try Opening.folder(folder.path + "/data")
        try BackupKey.create(data + "/backup.key")
    }

    /// What was told.
    private func open(ships: Bool = true) throws -> [String] {
        let options = try Options(["serve", "--data", data, "--home", TestStore.repository])
        var settings = CommunitySettings()
        if ships { settings.shipping = CommunitySettings.Shipping(folder: place) }
        let told = Mutex<[String]>([])
        let database = try Opening.database(
            options,
            shipping: SecondPlace.shipping(settings, options) { _ in },
            onTrouble: { line in told.withLock { $0.append(line) } }
        )
        if ships {
            // The note is there once a base is in its place.
            for _ in 0..<400 where !FileManager.default.fileExists(atPath: store + ".shipped") {
                Thread.sleep(forTimeInterval: 0.05)
            }
        }
        database.close()
        return told.withLock { $0 }
    }

    private func lose() throws {
        for file in try FileManager.default.contentsOfDirectory(atPath: data)
        where file.hasPrefix("kith.db") {
            try FileManager.default.removeItem(atPath: "\(data)/\(file)")
        }
    }

    @Test func `a store that is made is told of, once`() throws {
        #expect(try open(ships: false) == ["made a new, empty store at \(store)"])
        #expect(try open(ships: false) == [])
        try Data().write(to: URL(filePath: store))
        #expect(try open(ships: false) == ["made a new, empty store at \(store)"])
    }

    @Test func `one that was lost is not made anew over what was shipped of it`() throws {
        #expect(try open().count == 1)
        #expect(try open() == [])
        try lose()
        let refusal = #expect(throws: Unusable.self) { try open() }
        #expect(refusal?.description.contains("one is in its second place (\(place))") == true)
        #expect(refusal?.description.contains("kith restore") == true)
        #expect(!FileManager.default.fileExists(atPath: store))
        try FileManager.default.removeItem(atPath: place)
        #expect(try open().count == 1, "the place was emptied on purpose")
    }

    @Test func `a log without its store is left as it is`() throws {
        try Data(repeating: 1, count: 100).write(to: URL(filePath: store + "-wal"))
        let refusal = #expect(throws: Unusable.self) { try open(ships: false) }
        #expect(refusal?.description.contains("kith.db-wal") == true)
        #expect(try Data(contentsOf: URL(filePath: store + "-wal")).count == 100)
        #expect(!FileManager.default.fileExists(atPath: store))
    }
}
