import FoundationEssentials
import Synchronization
import TestSupport
import Testing

@testable import Store

/// A folder that is moved away, removed or replaced while the store in it is open.
@Suite struct StorePlaceTests {
    private let folder: TestFolder
    private let path: String
    private let files = FileManager.default

    init() throws {
        folder = try TestFolder()
        try files.createDirectory(
            atPath: folder.path + "/data",
            withIntermediateDirectories: false
        )
        path = folder.path + "/data/store.db"
    }

    private final class Told: Sendable {
        private let all = Mutex<[String]>([])
        var lines: [String] { all.withLock { $0 } }
        func tell(_ line: String) { all.withLock { $0.append(line) } }
    }

    private func open(_ told: Told = Told()) throws -> Database {
        var options = Database.Options()
        options.onSuspect = told.tell
        let database = try Database(file: path, options: options)
        try database.write { change in
            try Notes.create(in: change)
            try Notes.add(1, in: change)
        }
        return database
    }

    private func moveAway() throws {
        try files.moveItem(atPath: folder.path + "/data", toPath: folder.path + "/away")
    }

    /// In the place of what was there.
    private func put(_ copy: String) throws {
        try files.createDirectory(
            atPath: folder.path + "/data",
            withIntermediateDirectories: false
        )
        try files.moveItem(atPath: copy, toPath: path)
    }

    @Test func `nothing is acknowledged any more once the folder is somewhere else`() throws {
        let told = Told()
        let database = try open(told)
        #expect(database.isInPlace && !database.isSuspect)
        try moveAway()
        #expect(throws: StoreUnavailable.suspect) {
            try database.write { try Notes.add(2, in: $0) }
        }
        #expect(throws: StoreUnavailable.suspect) {
            try database.write { try Notes.add(3, in: $0) }
        }
        #expect(database.isSuspect && !database.isInPlace)
        try #require(told.lines.count == 1, "\(told.lines)")
        #expect(told.lines[0].hasPrefix("stopped, since \(path) is no longer the file"))
        database.close()
        // What was acknowledged is where the folder is now.
        let moved = try Database(file: folder.path + "/away/store.db")
        #expect(try Notes.ids(in: moved).first == 1)
        #expect(try moved.check() == [])
        moved.close()
    }

    @Test func `it is found without anybody who changes something`() throws {
        let told = Told()
        let database = try open(told)
        try moveAway()
        #expect(!database.isInPlace)
        #expect(told.lines.count == 1)
        #expect(throws: StoreUnavailable.suspect) {
            try database.write { try Notes.add(2, in: $0) }
        }
        #expect(!database.isInPlace && told.lines.count == 1)
        database.close()
    }

    @Test func `whatever is put in its place is left as it is, and so is its log`() throws {
        let database = try open()
        let other = try Database(file: folder.path + "/other.db")
        try other.write { change in
            try Notes.create(in: change)
            try Notes.add(7, in: change)
        }
        try files.removeItem(atPath: folder.path + "/data")
        try files.createDirectory(
            atPath: folder.path + "/data",
            withIntermediateDirectories: false
        )
        // With changes that are only in its log, as a process that was killed leaves it.
        try files.copyItem(atPath: folder.path + "/other.db", toPath: path)
        try files.copyItem(atPath: folder.path + "/other.db-wal", toPath: path + "-wal")
        let log = try Data(contentsOf: URL(filePath: path + "-wal"))
        #expect(!log.isEmpty)
        #expect(throws: StoreUnavailable.suspect) {
            try database.write { try Notes.add(2, in: $0) }
        }
        database.close()
        #expect(try Data(contentsOf: URL(filePath: path + "-wal")) == log)
        let again = try Database(file: path)
        #expect(try Notes.ids(in: again) == [7])
        again.close()
        other.close()
    }

    @Test func `a log that was taken away is noticed as well`() throws {
        let database = try open()
        try files.removeItem(atPath: path + "-wal")
        #expect(throws: StoreUnavailable.suspect) {
            try database.write { try Notes.add(2, in: $0) }
        }
        database.close()
    }

    @Test func `closing it checkpoints nothing where it is no more`() throws {
        let database = try open()
        let copy = folder.path + "/copy"
        try database.backup(to: copy)
        try moveAway()
        try put(copy)
        database.close()
        #expect(!files.fileExists(atPath: path + "-wal"))
        let again = try Database(file: path)
        #expect(try Notes.ids(in: again) == [1])
        again.close()
    }
}
