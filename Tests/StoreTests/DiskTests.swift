import Basics
import CFaultyDisk
import FoundationEssentials
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Store

/// What the store does when the disk does not do what it should: every one of the first calls of
/// a run fails once, or for a while, or finds the disk full.
@Suite(.serialized) struct DiskTests {
    init() {
        #expect(faulty_disk_install() == 0)
    }

    /// A run of changes, each of two rows that belong together, and what became of them.
    private final class Run: Sendable {
        let path: String
        let suspicions = Mutex<[String]>([])
        let troubles = Mutex<[String]>([])
        private let outcomes = Mutex<[Int: Bool]>([:])

        init(in folder: TestFolder) {
            path = folder.path + "/store.db"
        }

        func open() throws -> Database {
            var options = Database.Options()
            options.fileSystem = "faulty"
            options.limits.idleCheckpointPages = 6
            options.onSuspect = { reason in self.suspicions.withLock { $0.append(reason) } }
            options.onTrouble = { line in self.troubles.withLock { $0.append(line) } }
            return try Database(file: path, options: options)
        }

        static func prepare(_ database: Database) throws {
            try database.write { change in
                try change.run(
                    """
                    CREATE TABLE pair (
                        number INTEGER NOT NULL,
                        side TEXT NOT NULL CHECK (side IN ('left', 'right')),
                        text TEXT NOT NULL,
                        PRIMARY KEY (number, side)
                    ) STRICT
                    """
                )
            }
        }

        static func add(_ number: Int, in change: borrowing Change) throws {
            // More than a page, so that a change is several writes.
            let text = String(repeating: "\(number) ", count: 2000)
            for side in ["left", "right"] {
                try change.run(
                    "INSERT INTO pair (number, side, text) VALUES (\(number), \(side), \(text))"
                )
            }
        }

        func add(_ numbers: ClosedRange<Int>, to database: Database) {
            for number in numbers {
                let isDone = (try? database.write { try Run.add(number, in: $0) }) != nil
                outcomes.withLock { $0[number] = isDone }
                do {
                    _ = try Run.whole(in: database)
                } catch {
                    // Whatever the disk did, a reader is told to come again, and no other thing.
                    #expect(error is StoreUnavailable, "\(error)")
                }
            }
            // The checkpoint that may follow the last change fails or works as well.
            database.settle()
        }

        var acknowledged: [Int] {
            outcomes.withLock { $0.filter(\.value).keys.sorted() }
        }

        /// The numbers of which both rows are there; throws if only one is.
        static func whole(in database: Database) throws -> [Int] {
            let counts = try database.read { snapshot in
                try snapshot.all("SELECT number, count(*) FROM pair GROUP BY number") { row in
                    let pair: (Int, Int) = (try row[0], try row[1])
                    return pair
                }
            }
            for (_, count) in counts where count != 2 { throw Stop() }
            return counts.map(\.0)
        }
    }

    private static let kinds: [(faulty_disk_kind, StoreUnavailable?)] = [
        (faulty_disk_once, nil), (faulty_disk_onwards, nil), (faulty_disk_full, .diskFull),
    ]

    @Test(arguments: 0..<3)
    func `whatever call fails, what was acknowledged is there and nothing is half done`(
        kind: Int
    ) throws {
        var failed = 0
        for call in 1...200 {
            let folder = try TestFolder(inMemory: true)
            let run = Run(in: folder)
            let database = try run.open()
            try Run.prepare(database)

            faulty_disk_fail(Int32(call), Self.kinds[kind].0)
            run.add(1...16, to: database)
            #expect(faulty_disk_heal() >= Int32(call), "the run is long enough")
            failed += run.acknowledged.count < 16 ? 1 : 0

            let isSuspect = database.isSuspect
            if isSuspect {
                #expect(throws: StoreUnavailable.suspect) {
                    try database.write { try Run.add(20, in: $0) }
                }
            } else {
                // Once the disk is well again the store serves again, without help.
                try database.write { try Run.add(20, in: $0) }
                let now = try Run.whole(in: database)
                #expect(now == run.acknowledged + [20], "call \(call)")
            }
            database.close()
            // It is told after whoever waited has been answered.
            #expect(run.suspicions.withLock { $0.count } == (isSuspect ? 1 : 0))

            let again = try run.open()
            let there = try Run.whole(in: again)
            #expect(Set(there).isSuperset(of: run.acknowledged), "call \(call)")
            if !isSuspect { #expect(there == run.acknowledged + [20], "call \(call)") }
            #expect(try again.check() == [], "call \(call)")
        }
        #expect(failed > 100, "most calls are part of a change")
    }

    @Test func `a failed flush stops the store, with one line, and a restart goes on`() throws {
        let folder = try TestFolder(inMemory: true)
        let run = Run(in: folder)
        var flushed: Set<Bool> = []
        for call in 1...40 {
            let database = try run.open()
            if call == 1 { try Run.prepare(database) }
            faulty_disk_fail(Int32(call), faulty_disk_once)
            run.add(call * 10...call * 10 + 1, to: database)
            _ = faulty_disk_heal()
            flushed.insert(database.isSuspect)
            database.close()
        }
        #expect(flushed == [true, false], "some of the calls are flushes, some are not")
        for line in run.suspicions.withLock({ $0 }) {
            #expect(line.contains("failed to flush"), "\(line)")
        }
        let again = try run.open()
        #expect(Set(try Run.whole(in: again)).isSuperset(of: run.acknowledged))
    }

    @Test func `on a full disk changes fail by that name, and work again when there is room`()
        throws
    {
        let folder = try TestFolder(inMemory: true)
        let run = Run(in: folder)
        let database = try run.open()
        try Run.prepare(database)
        faulty_disk_fail(1, faulty_disk_full)
        for number in 1...3 {
            #expect(throws: StoreUnavailable.diskFull) {
                try database.write { try Run.add(number, in: $0) }
            }
        }
        #expect(try Run.whole(in: database) == [], "reading goes on")
        _ = faulty_disk_heal()
        try database.write { try Run.add(4, in: $0) }
        #expect(try Run.whole(in: database) == [4])
        #expect(!database.isSuspect)
    }

    @Test(arguments: [
        (faulty_disk_full, "the disk is full"), (faulty_disk_once, "the disk failed to"),
    ])
    func `a disk that takes no changes is told in one line, and in one when it does again`(
        kind: faulty_disk_kind,
        what: String
    ) throws {
        let folder = try TestFolder(inMemory: true)
        let run = Run(in: folder)
        let database = try run.open()
        try Run.prepare(database)
        #expect(!database.isInTrouble)
        faulty_disk_fail(1, kind)
        for number in 1...3 {
            faulty_disk_fail(1, kind)
            #expect(throws: StoreUnavailable.self) {
                try database.write { try Run.add(number, in: $0) }
            }
            #expect(database.isInTrouble)
            // What changes nothing asks nothing of the disk, and proves nothing.
            if kind == faulty_disk_full { try database.write { _ in } }
        }
        #expect(database.isInTrouble && database.statistics.failedBatches == 3)
        database.tryDisk()
        database.settle()
        #expect(database.isInTrouble == (kind == faulty_disk_full))
        _ = faulty_disk_heal()
        database.tryDisk()
        database.settle()
        #expect(!database.isInTrouble && !database.isSuspect)
        let told = run.troubles.withLock { $0 }
        #expect(told.count == 2, "\(told)")
        #expect(
            told.first?.hasPrefix("changes cannot be written and are answered 503: \(what)") == true
        )
        #expect(told.last == "changes are written again")
    }

    @Test func `trouble that lasts is told once a minute, and its end only if it was told`() {
        let second: UInt64 = 1_000_000_000
        var trouble = DiskTrouble()
        #expect(trouble.ended() == nil)
        #expect(trouble.failed("full", at: 5 * second)?.hasSuffix("503: full") == true)
        #expect(trouble.failed("full", at: 64 * second) == nil)
        #expect(trouble.failed("broken", at: 65 * second)?.hasSuffix("503: broken") == true)
        #expect(trouble.ended() == "changes are written again")
        #expect(trouble.failed("full", at: 70 * second) == nil)
        #expect(trouble.isLasting)
        #expect(trouble.ended() == nil)
        #expect(!trouble.isLasting)
    }

    /// Only where the test may mount a file system of its own.
    @Test(.enabled(if: SmallDisk.isPossible))
    func `on a disk that is really full it is the same`() throws {
        let disk = try SmallDisk(megabytes: 1)
        let database = try Database(file: disk.path + "/store.db")
        try Run.prepare(database)
        var done: [Int] = []
        var refusals = 0
        for number in 1...200 where refusals < 5 {
            do {
                try database.write { try Run.add(number, in: $0) }
                done.append(number)
            } catch StoreUnavailable.diskFull {
                refusals += 1
            }
        }
        #expect(refusals == 5)
        #expect(!done.isEmpty)
        #expect(try Run.whole(in: database) == done)
        try disk.resize(megabytes: 8)
        try database.write { try Run.add(500, in: $0) }
        #expect(try Run.whole(in: database) == done + [500])
        #expect(try database.check() == [])
        database.close()
    }
}

/// A file system in memory of a size of our own.
private final class SmallDisk: Sendable {
    private let folder: TestFolder

    var path: String { folder.path }

    static let isPossible: Bool = {
        guard geteuid() == 0, let disk = try? SmallDisk(megabytes: 1) else { return false }
        return FileManager.default.fileExists(atPath: disk.path)
    }()

    init(megabytes: Int) throws {
        folder = try TestFolder()
        try Self.mount(folder.path, megabytes, flags: 0)
    }

    func resize(megabytes: Int) throws {
        try Self.mount(folder.path, megabytes, flags: UInt(MS_REMOUNT))
    }

    private static func mount(_ path: String, _ megabytes: Int, flags: UInt) throws {
        guard unsafe Glibc.mount("tmpfs", path, "tmpfs", flags, "size=\(megabytes)m") == 0 else {
            throw Stop()
        }
    }

    deinit {
        unsafe umount2(folder.path, Int32(MNT_DETACH))
    }
}
