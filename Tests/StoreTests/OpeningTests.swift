import Basics
import CSQLite
import FoundationEssentials
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Store

struct OpeningTests {
    private let folder: TestFolder
    private let path: String

    init() throws {
        folder = try TestFolder()
        path = folder.path + "/store.db"
    }

    private var files: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
    }

    @Test func `a store that is served is not served a second time`() throws {
        let first = try Database(file: path)
        let refusal = #expect(throws: StoreRefusedToOpen.self) { try Database(file: path) }
        let expected = "\(path) is already in use, by process \(getpid())"
        #expect(refusal?.description == expected)
        first.close()
    }

    @Test func `whoever serves waits for those who only look, and tells so`() throws {
        try Database(file: path).close()
        let look = Mutex<Database?>(try Database.open(forReading: path))
        let refusal = #expect(throws: StoreRefusedToOpen.self) { try Database(file: path) }
        #expect(refusal?.description.contains("is being looked at") == true)

        let told = Mutex<[String]>([])
        var options = Database.Options()
        options.lookersWaitSeconds = 20
        options.onTrouble = { line in
            told.withLock { $0.append(line) }
            look.withLock { $0 = nil }
        }
        let database = try Database(file: path, options: options)
        #expect(
            told.withLock { $0 } == [
                "waits up to 20 seconds for whoever looks at \(path) to be done"
            ]
        )
        // One that is served is not waited for.
        #expect(throws: StoreRefusedToOpen.self) { try Database(file: path, options: options) }
        #expect(told.withLock { $0.count } == 1)
        database.close()
    }

    @Test func `a process that does not live is not named`() throws {
        let first = try Database(file: path)
        try "999999999\n".write(toFile: path + ".lock", atomically: false, encoding: .utf8)
        let refusal = #expect(throws: StoreRefusedToOpen.self) { try Database(file: path) }
        #expect(refusal?.description == "\(path) is already in use, by another process")
        first.close()
    }

    @Test func `after its user has gone it can be opened again, with what was written`() throws {
        do {
            let database = try Database(file: path)
            try database.write { change in
                try Notes.create(in: change)
                try Notes.add(1, in: change)
            }
        }
        let database = try Database(file: path)
        #expect(try Notes.ids(in: database) == [1])
    }

    @Test func `nobody else may read the files`() throws {
        let database = try Database(file: path)
        try database.write { try Notes.create(in: $0) }
        for file in try files {
            let attributes = try FileManager.default.attributesOfItem(
                atPath: folder.path + "/" + file
            )
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(file)")
        }
        #expect(try files == ["store.db", "store.db-shm", "store.db-wal", "store.db.lock"])
    }

    @Test func `a file that is damaged where only a read comes by is known to be`() throws {
        let made = try Database(file: path)
        try made.write { change in
            try Notes.create(in: change)
            for id in 1...400 { try Notes.add(id, in: change) }
        }
        made.close()
        try damageSecondHalf()

        let database = try Database(file: path)
        #expect(!database.isDamaged)
        #expect(throws: StoreUnavailable.suspect) { try Notes.ids(in: database) }
        #expect(database.isDamaged)
        #expect(!database.isSuspect)
    }

    @Test func `a change that meets a damaged page stops the store, and nothing of it is kept`()
        throws
    {
        let made = try Database(file: path)
        try made.write { change in
            try Notes.create(in: change)
            try change.run("CREATE TABLE other (id INTEGER NOT NULL PRIMARY KEY) STRICT")
            for id in 1...400 { try Notes.add(id, in: change) }
        }
        made.close()
        try damageSecondHalf()

        let told = Mutex<[String]>([])
        var options = Database.Options()
        options.onSuspect = { line in told.withLock { $0.append(line) } }
        let database = try Database(file: path, options: options)
        #expect(throws: StoreUnavailable.suspect) {
            try database.write { change in
                try change.run("INSERT INTO other (id) VALUES (1)")
                // It looks over it, and has read nothing wrong.
                _ = try? Notes.ids(in: change.snapshot)
            }
        }
        #expect(database.isSuspect)
        #expect(told.withLock { $0.count } == 1)
        #expect(throws: StoreUnavailable.suspect) {
            try database.write { try $0.run("INSERT INTO other (id) VALUES (2)") }
        }
        let kept = try database.read { try $0.value("SELECT count(*) FROM other") as Int? }
        #expect(kept == 0)
        database.close()
    }

    /// All but the schema and the roots of the tables.
    private func damageSecondHalf() throws {
        var bytes = try Data(contentsOf: URL(filePath: path))
        let half = bytes.count / 2
        bytes.replaceSubrange(half..., with: Data(repeating: 0xA5, count: bytes.count - half))
        try bytes.write(to: URL(filePath: path))
    }

    @Test func `a file that is not a store is refused`() throws {
        try "just some text, long enough to be looked at".write(
            toFile: path,
            atomically: true,
            encoding: .utf8
        )
        let refusal = #expect(throws: StoreRefusedToOpen.self) { try Database(file: path) }
        #expect(refusal?.description == "\(path) is not a database, or it is damaged")
    }

    @Test func `the settings are the ones that keep promises`() throws {
        let database = try Database(file: path)
        let wanted: [(SQL, Int64)] = [
            ("PRAGMA synchronous", 2), ("PRAGMA foreign_keys", 1),
            ("PRAGMA wal_autocheckpoint", 0), ("PRAGMA secure_delete", 1),
            ("PRAGMA trusted_schema", 0), ("PRAGMA cell_size_check", 1),
            ("PRAGMA mmap_size", 0), ("PRAGMA temp_store", 2), ("PRAGMA query_only", 0),
            ("PRAGMA application_id", 0x4B69_7468),
        ]
        for (sql, value) in wanted {
            let found = try database.alone { try $0.integer(sql) }
            #expect(found == value, "\(sql.text)")
        }
        let readOnly = try database.reading { try $0.integer("PRAGMA query_only") }
        #expect(readOnly == 1)
    }

    @Test func `a look at a store at rest makes no file and changes none`() throws {
        try Database(file: path).write { change in
            try Notes.create(in: change)
            try Notes.add(1, in: change)
        }
        let before = try Data(contentsOf: URL(filePath: path))
        let filesBefore = try files
        let look = try Database.open(forReading: path)
        #expect(try Notes.ids(in: look) == [1])
        #expect(try look.check() == [])
        #expect(throws: StoreUnavailable.readOnly) {
            try look.write { try Notes.add(2, in: $0) }
        }
        #expect(try files == filesBefore)
        #expect(try Data(contentsOf: URL(filePath: path)) == before)
        #expect(throws: StoreRefusedToOpen.self) { try Database(file: path) }
    }

    @Test func `a look at a store that is served sees it as it was, and hinders nobody`() throws {
        let database = try Database(file: path)
        try database.write { change in
            try Notes.create(in: change)
            try Notes.add(1, in: change)
        }
        let look = try Database.open(forReading: path)
        try database.write { try Notes.add(2, in: $0) }
        #expect(try Notes.ids(in: look) == [1])
        #expect(try look.check() == [])
        #expect(try Notes.ids(in: database) == [1, 2])
    }

    @Test func `a look at what a dead process left sees its last changes`() throws {
        let database = try Database(file: path)
        try database.write { change in
            try Notes.create(in: change)
            try Notes.add(1, in: change)
        }
        // What a kill leaves: the file and its log, as they are in this moment.
        let left = folder.path + "/left.db"
        try FileManager.default.copyItem(atPath: path, toPath: left)
        try FileManager.default.copyItem(atPath: path + "-wal", toPath: left + "-wal")
        let size = try Data(contentsOf: URL(filePath: left + "-wal")).count
        #expect(size > 0)
        let look = try Database.open(forReading: left)
        #expect(try Notes.ids(in: look) == [1])
        #expect(try Data(contentsOf: URL(filePath: left + "-wal")).count == size)
    }

    @Test func `a look that was closed holds nobody up`() throws {
        try Database(file: path).close()
        let look = try Database.open(forReading: path)
        look.close()
        try Database(file: path).close()
        withExtendedLifetime(look) {}
    }

    @Test func `a store of which it cannot be known whether it is served is not looked at`() throws
    {
        try Database(file: path).close()
        let lock = path + ".lock"
        try FileManager.default.removeItem(atPath: lock)
        try FileManager.default.createSymbolicLink(atPath: lock, withDestinationPath: lock)
        #expect(throws: FileTrouble.self) { try Database.open(forReading: path) }
        #expect(FileLock.isServed(path))
    }

    @Test func `damage and orphans are found by the check`() throws {
        let database = try Notes.store()
        try database.write { try Notes.add(1, in: $0) }
        #expect(try database.check() == [])
        try database.alone { connection in
            try connection.script(
                """
                PRAGMA foreign_keys = OFF;
                INSERT INTO note (id, text, parent) VALUES (2, 'x', 9);
                """
            )
        }
        #expect(
            try database.check() == ["row 2 of note refers to a row of note that is not there"]
        )
    }

    @Test func `a backup is the store as it was, in one file`() throws {
        let database = try Database(file: path)
        try database.write { change in
            try Notes.create(in: change)
            for id in 1...500 { try Notes.add(id, in: change) }
        }
        let copy = folder.path + "/copy.db"
        try database.backup(to: copy)
        try database.write { try Notes.add(501, in: $0) }
        #expect(try files.filter { $0.hasPrefix("copy") } == ["copy.db"])
        let look = try Database.open(forReading: copy)
        #expect(try Notes.ids(in: look) == Array(1...500))
        #expect(try look.check() == [])
    }

    @Test func `a copy of a long store ends, however often it is written to meanwhile`() throws {
        let database = try Database(file: path)
        try database.write { change in
            try Notes.create(in: change)
            try change.run("CREATE TABLE picture (bytes BLOB NOT NULL) STRICT")
            for _ in 1...3 { try change.run("INSERT INTO picture VALUES (zeroblob(18000000))") }
            try Notes.add(1, in: change)
        }
        let copy = folder.path + "/copy.db"
        var steps = 0
        try database.reading { connection in
            try connection.copy(to: copy) {
                steps += 1
                guard steps < 20 else { throw Stop() }
                try database.write { [steps] in try Notes.add(1 + steps, in: $0) }
            }
        }
        #expect(steps > 2, "it takes more than one step")
        let look = try Database.open(forReading: copy)
        #expect(try Notes.ids(in: look) == [1], "it is the store as it was when it was begun")
        #expect(try look.check() == [])
    }
}
