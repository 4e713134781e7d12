import CSQLite
import FoundationEssentials
import TestSupport
import Testing

@testable import Store

/// A log whose header is not as it was written: SQLite takes it for empty.
struct LogHeaderTests {
    private let folder: TestFolder
    private let path: String

    private static let frameBytes = 24 + 4096

    init() throws {
        folder = try TestFolder()
        path = folder.path + "/store.db"
    }

    /// What a process left that died: notes 1 and 2 in the file, and 3 to 5 only in its log, behind
    /// which lies more of the log before.
    private func left() throws -> (store: Data, log: Data) {
        let database = try Database(file: path)
        try database.write { change in
            try Notes.create(in: change)
            for id in 1...2 { try Notes.add(id, in: change) }
            try change.run("CREATE TABLE large (content BLOB) STRICT")
            try change.run("INSERT INTO large VALUES (zeroblob(400000))")
        }
        try database.alone { try $0.checkpoint(SQLITE_CHECKPOINT_RESTART) }
        for id in 3...5 { try database.write { try Notes.add(id, in: $0) } }
        return (
            try Data(contentsOf: URL(filePath: path)),
            try Data(contentsOf: URL(filePath: path + "-wal"))
        )
    }

    private func place(_ store: Data, _ log: Data, _ name: String) throws -> String {
        let path = "\(folder.path)/\(name).db"
        try store.write(to: URL(filePath: path))
        try log.write(to: URL(filePath: path + "-wal"))
        return path
    }

    /// Whether the store is opened with these notes, and keeps what is written then, though its
    /// process dies again.
    private func goesOn(_ path: String, with ids: [Int]) throws {
        let database = try Database(file: path)
        #expect(try Notes.ids(in: database) == ids, "\(path)")
        try database.write { try Notes.add(99, in: $0) }
        let again = path + "-again"
        try FileManager.default.copyItem(atPath: path, toPath: again)
        try FileManager.default.copyItem(atPath: path + "-wal", toPath: again + "-wal")
        let next = try Database(file: again)
        #expect(try Notes.ids(in: next) == ids + [99], "\(path)")
        #expect(try next.check() == [], "\(path)")
    }

    /// Whether the store is not opened, and left as it is; gives back what a look at it sees.
    private func refuses(_ path: String, _ damage: LogDamage) throws -> [Int] {
        let log = try Data(contentsOf: URL(filePath: path + "-wal"))
        let refusal = #expect(throws: StoreRefusedToOpen.self) { try Database(file: path) }
        #expect(
            refusal?.description == "\(path) is not opened, since \(damage). \(damage.remedy)"
        )
        let look = try Database.open(forReading: path)
        #expect(try look.check() == [damage.description])
        #expect(try Data(contentsOf: URL(filePath: path + "-wal")) == log)
        return try Notes.ids(in: look)
    }

    @Test func `whichever of its bytes is damaged, the store is not opened and a look sees it all`()
        throws
    {
        let (store, log) = try left()
        for byte in 0..<32 {
            var damaged = log
            damaged[byte] ^= 1 << (byte % 8)
            let path = try place(store, damaged, "byte-\(byte)")
            #expect(try refuses(path, .header(commits: 3)) == Array(1...5))
        }
    }

    @Test func `every bit counts`() throws {
        let (store, log) = try left()
        let header = [UInt8](log.prefix(32))
        #expect(LogHeader(header) != nil)
        let path = try place(store, log, "bit")
        #expect(try WriteAheadLog.damage(of: path) == nil)
        for bit in 0..<32 * 8 {
            var damaged = log
            damaged[bit / 8] ^= 1 << (bit % 8)
            try damaged.write(to: URL(filePath: path + "-wal"))
            #expect(try WriteAheadLog.damage(of: path) == .header(commits: 3), "bit \(bit)")
        }
    }

    @Test func `a header of zeros or of anything else is missed as well`() throws {
        let (store, log) = try left()
        for filling in [0, 0xFF, 0x37] as [UInt8] {
            let damaged = Data(repeating: filling, count: 32) + log.dropFirst(32)
            let path = try place(store, damaged, "filled-\(filling)")
            #expect(try refuses(path, .header(commits: 3)) == Array(1...5))
        }
    }

    @Test func `what was written is found again from the first frame`() throws {
        for size in LogHeader.pageSizes {
            let path = "\(folder.path)/\(size).db"
            try createPrivately(path)
            let raw = try Connection(path: path, flags: SQLITE_OPEN_READWRITE)
            try raw.script("PRAGMA page_size = \(size)")
            try raw.script("PRAGMA journal_mode = WAL; CREATE TABLE one (id INTEGER)")
            for _ in 0..<3 {
                let log = [UInt8](try Data(contentsOf: URL(filePath: path + "-wal")))
                let header = try #require(LogHeader(Array(log[..<32])))
                #expect(header.pageSize == size && !header.isBigEndian)
                let frame = Array(log[32..<32 + 24 + size])
                #expect(LogHeader(before: frame, isBigEndian: false)?.bytes == header.bytes)
                #expect(LogHeader(before: frame, isBigEndian: true) == nil)
                var other = frame
                other[30] ^= 1
                #expect(LogHeader(before: other, isBigEndian: false) == nil)
                // The next log, of the same file.
                try raw.checkpoint(SQLITE_CHECKPOINT_RESTART)
                try raw.script("INSERT INTO one VALUES (1)")
            }
            raw.close()
        }
    }

    @Test func `a log of a machine with the other order of bytes is no other`() throws {
        let (store, native) = try left()
        var log = otherOrder([UInt8](native))
        #expect(try Notes.ids(in: Database(file: place(store, Data(log), "whole"))) == Array(1...5))
        log[20] ^= 1
        let path = try place(store, Data(log), "header")
        #expect(try refuses(path, .header(commits: 3)) == Array(1...5))
        log[20] ^= 1
        log[32 + 1000] ^= 1
        #expect(try refuses(place(store, Data(log), "frame"), .lost(atLeast: 2)) == [1, 2])
    }

    /// The frames of the first log alone, as a machine with the other order would have written them.
    private func otherOrder(_ log: [UInt8]) -> [UInt8] {
        var written = log
        var sum = LogChecksum(0, isBigEndian: true)
        func note(at place: Int) {
            for index in 0..<8 {
                written[place + index] = UInt8(truncatingIfNeeded: sum.value >> (56 - 8 * index))
            }
        }
        written[3] |= 1
        sum.add(written, 0..<24)
        note(at: 24)
        for start in stride(from: 32, to: log.count, by: Self.frameBytes)
        where log[start + 8..<start + 16] == log[16..<24] {
            sum.add(written, start..<start + 8)
            sum.add(written, start + 24..<start + Self.frameBytes)
            note(at: start + 16)
        }
        return written
    }

    @Test func `where the first frame is damaged too, nobody can tell what is lost`() throws {
        let (store, log) = try left()
        for length in [40, 100, 512, 4096, 4096 * 3] {
            let damaged = Data(repeating: 0, count: length) + log.dropFirst(length)
            let path = try place(store, damaged, "first-\(length)")
            #expect(try refuses(path, .beginning) == [1, 2])
        }
        var damaged = log
        damaged[3] = 0
        damaged[32 + 20] ^= 1
        #expect(try refuses(place(store, damaged, "checksum"), .beginning) == [1, 2])
    }

    @Test func `what is lost behind a damaged header counts as behind any`() throws {
        let (store, log) = try left()
        var damaged = log
        damaged[3] = 0
        damaged[32 + 1000] ^= 4
        #expect(try refuses(place(store, damaged, "one"), .beginning) == [1, 2])
        damaged[32 + 1000] ^= 4
        let end = Self.frameBytes
        #expect(damaged[32 + end + 7] > 0, "the second frame ends the first commit")
        damaged[32 + end + 1000] ^= 4
        #expect(try refuses(place(store, damaged, "second"), .lost(atLeast: 2)) == [1, 2])
    }

    @Test func `without anything behind it, no header is missed`() throws {
        let (store, log) = try left()
        let header = log.prefix(32)
        let logs = [
            Data(), header.prefix(7), header, Data(repeating: 0, count: 32),
            Data(repeating: 0, count: 32 + 3 * Self.frameBytes), header.prefix(20) + [0],
            header.prefix(20) + Data(repeating: 0, count: 200_000),
        ]
        for (number, log) in logs.enumerated() {
            try goesOn(place(store, log, "empty-\(number)"), with: [1, 2])
        }
    }

    @Test func `one that was cut off while the log began anew is not missed`() throws {
        let (found, log) = try left()
        let database = try Database(file: try place(found, log, "next"))
        try database.alone { try $0.checkpoint(SQLITE_CHECKPOINT_RESTART) }
        let path = database.path
        let store = try Data(contentsOf: URL(filePath: path))
        let old = try Data(contentsOf: URL(filePath: path + "-wal"))
        try database.write { try Notes.add(6, in: $0) }
        let new = try Data(contentsOf: URL(filePath: path + "-wal")).prefix(32)
        #expect(old.prefix(32) != new)
        for length in 0...32 {
            let start = new.prefix(length) + old.dropFirst(length)
            try goesOn(place(store, start, "start-\(length)"), with: Array(1...5))
            let end = old.prefix(length) + new.dropFirst(length) + old.dropFirst(32)
            try goesOn(place(store, end, "end-\(length)"), with: Array(1...5))
        }
    }

    @Test func `damaged when all is in the file already, it is written anew`() throws {
        let (found, log) = try left()
        let database = try Database(file: try place(found, log, "next"))
        try database.alone { try $0.checkpoint(SQLITE_CHECKPOINT_PASSIVE) }
        let store = try Data(contentsOf: URL(filePath: database.path))
        for byte in 0..<32 {
            var damaged = log
            damaged[byte] ^= 0x10
            try goesOn(place(store, damaged, "byte-\(byte)"), with: Array(1...5))
        }
        // One more commit, and it is missed.
        try database.write { try Notes.add(6, in: $0) }
        var more = try Data(contentsOf: URL(filePath: database.path + "-wal"))
        #expect(more.prefix(32) != log.prefix(32))
        more[9] ^= 1
        let path = try place(store, more, "more")
        #expect(try refuses(path, .header(commits: 1)) == Array(1...6))
    }

    @Test func `behind a damaged one a first commit that was cut off is not missed`() throws {
        let (store, log) = try left()
        // Without the mark that ends a commit, and so with another checksum.
        var first = [UInt8](log.prefix(32 + Self.frameBytes))
        first.replaceSubrange(36..<40, with: [0, 0, 0, 0])
        let header = try #require(LogHeader(Array(first[..<32])))
        var sum = LogChecksum(header.checksum, isBigEndian: false)
        sum.add(first, 32..<40)
        sum.add(first, 56..<first.count)
        for index in 0..<8 {
            first[48 + index] = UInt8(truncatingIfNeeded: sum.value >> (56 - 8 * index))
        }
        first[5] ^= 1
        try goesOn(place(store, Data(first), "cut"), with: [1, 2])
    }
}
