import CSQLite
import FoundationEssentials
import TestSupport
import Testing

@testable import Store

struct LogDamageTests {
    private let folder: TestFolder
    private let path: String

    init() throws {
        folder = try TestFolder()
        path = folder.path + "/store.db"
    }

    @Test func `commits that a damaged log still has but cannot give are told`() throws {
        let database = try Database(file: path)
        try database.write { try Notes.create(in: $0) }
        // What an earlier log left behind is not missed.
        try database.alone { try $0.checkpoint(SQLITE_CHECKPOINT_RESTART) }
        var ends: [Int] = []
        for id in 1...5 {
            try database.write { try Notes.add(id, in: $0) }
            ends.append(database.statistics.pagesInLog)
        }
        let whole = try Data(contentsOf: URL(filePath: path + "-wal"))
        /// A look at the store with a bit of one frame of its log turned.
        func look(damagedFrame: Int?) throws -> (ids: [Int], problems: [String]) {
            let left = folder.path + "/damaged-\(damagedFrame ?? 0).db"
            try FileManager.default.copyItem(atPath: path, toPath: left)
            var log = whole
            if let damagedFrame { log[32 + (damagedFrame - 1) * (24 + 4096) + 1000] ^= 4 }
            try log.write(to: URL(filePath: left + "-wal"))
            let look = try Database.open(forReading: left)
            return (try Notes.ids(in: look), try look.check())
        }
        #expect(try look(damagedFrame: nil) == (Array(1...5), []))
        #expect(
            try look(damagedFrame: ends[1])
                == ([1], ["the log is damaged: at least 3 commits in it are lost"])
        )
        // It may have been on its way when the process died.
        #expect(try look(damagedFrame: ends[4]) == (Array(1...4), []))

        // Whoever served it would write over them.
        let damaged = folder.path + "/damaged-\(ends[1]).db"
        let before = try Data(contentsOf: URL(filePath: damaged + "-wal"))
        let refusal = #expect(throws: StoreRefusedToOpen.self) { try Database(file: damaged) }
        #expect(refusal?.description.contains("at least 3 commits in it are lost") == true)
        #expect(try Data(contentsOf: URL(filePath: damaged + "-wal")) == before)
        let torn = try Database(file: folder.path + "/damaged-\(ends[4]).db")
        #expect(try Notes.ids(in: torn) == Array(1...4))
    }

    @Test func `what a commit left that was cut off is not taken for one that is lost`() throws {
        let database = try Database(file: path)
        try database.write { change in
            try Notes.create(in: change)
            try Notes.add(1, in: change)
        }
        let first = database.statistics.pagesInLog
        try database.write { change in for id in 2...400 { try Notes.add(id, in: change) } }
        #expect(database.statistics.pagesInLog > first + 4)
        /// What is there after the power went in the midst of the commit with this frame.
        func torn(_ path: String, at frame: Int) throws -> String {
            let left = path + "-torn"
            try FileManager.default.copyItem(atPath: path, toPath: left)
            var log = try Data(contentsOf: URL(filePath: path + "-wal"))
            log[32 + (frame - 1) * (24 + 4096) + 1000] ^= 4
            try log.write(to: URL(filePath: left + "-wal"))
            return left
        }
        let again = try torn(path, at: first + 1)
        let second = try Database(file: again)
        #expect(try Notes.ids(in: second) == [1])
        try second.write { try Notes.add(2, in: $0) }
        let end = second.statistics.pagesInLog
        // It ends before the one that was cut off did, and the power goes once more.
        let third = try Database(file: try torn(again, at: end))
        #expect(try Notes.ids(in: third) == [1])
    }
}
