import Basics
import TestSupport
import Testing

@testable import Store

struct SnapshotTests {
    @Test func `a snapshot does not move, and a read inside it joins it`() throws {
        let database = try Notes.store()
        try database.write { try Notes.add(1, in: $0) }
        let (before, inner, after) = try database.read { snapshot in
            let before = try Notes.ids(in: snapshot)
            // A change by the same thread, but not by this snapshot.
            try database.write { try Notes.add(2, in: $0) }
            return (before, try Notes.ids(in: database), try Notes.ids(in: snapshot))
        }
        #expect(before == [1])
        #expect(inner == [1])
        #expect(after == [1])
        #expect(try Notes.ids(in: database) == [1, 2])
    }

    @Test func `two stores on one thread do not mix`() throws {
        let one = try Notes.store()
        let two = try Notes.store()
        try one.write { change in
            try Notes.add(1, in: change)
            try two.write { try Notes.add(2, in: $0) }
            let (mine, theirs) = (try Notes.ids(in: one), try Notes.ids(in: two))
            #expect(mine == [1])
            #expect(theirs == [2])
        }
        try two.read { snapshot in
            let (mine, theirs) = (try Notes.ids(in: snapshot), try Notes.ids(in: one))
            #expect(mine == [2])
            #expect(theirs == [1])
        }
    }

    @Test func `a read that throws leaves its connection fit for the next`() throws {
        let database = try Notes.store()
        for _ in 0..<5 {
            #expect(throws: Stop.self) {
                try database.read { snapshot in
                    _ = try Notes.ids(in: snapshot)
                    throw Stop()
                }
            }
        }
        try database.write { try Notes.add(1, in: $0) }
        #expect(try Notes.ids(in: database) == [1])
    }

    @Test func `a read beyond its time is ended`() throws {
        let folder = try TestFolder()
        var options = Database.Options()
        options.readLimitMilliseconds = 0
        let database = try Database(file: folder.path + "/store.db", options: options)
        #expect(throws: StoreUnavailable.busy) {
            try database.read { snapshot in
                let _: Int? = try snapshot.value(
                    """
                    WITH RECURSIVE number (n) AS (
                        SELECT 1 UNION ALL SELECT n + 1 FROM number
                    )
                    SELECT count(*) FROM number
                    """
                )
            }
        }
        let one: Int? = try database.read { try $0.value("SELECT 1") }
        #expect(one == 1, "a short one is never asked")
    }

    @Test func `what was asked in a reading is answered once, and anew in the next`() throws {
        let database = try Notes.store()
        try database.write { try Notes.add(1, in: $0) }
        let first = try database.read { snapshot in
            let before: [Int] = try snapshot.once(ids) { try Notes.ids(in: snapshot) }
            try database.write { try Notes.add(2, in: $0) }
            let inner: [Int] = try database.read { inner in
                try inner.once(ids) { throw NotAsked() }
            }
            let none: String? = try snapshot.once(text) { nil }
            let again: String? = try snapshot.once(text) { throw NotAsked() }
            #expect(none == nil && again == nil)
            let other: Int = try snapshot.once(Question(IDs.self, 2)) { 7 }
            #expect(other == 7)
            return before == inner
        }
        #expect(first)
        let later: [Int] = try database.read { snapshot in
            try snapshot.once(ids) { try Notes.ids(in: snapshot) }
        }
        #expect(later == [1, 2])
    }

    @Test func `a question that failed, and one inside a change, is asked again`() throws {
        let database = try Notes.store()
        try database.read { snapshot in
            #expect(throws: NotAsked.self) {
                let _: Int = try snapshot.once(one) { throw NotAsked() }
            }
            let answer = try snapshot.once(one) { 1 }
            #expect(answer == 1)
        }
        try database.write { change in
            for id in 1...3 {
                try Notes.add(id, in: change)
                let all = try change.snapshot.once(ids) { try Notes.ids(in: change.snapshot) }
                #expect(all == Array(1...id))
            }
        }
    }

    @Test func `while somebody reads for long, not each change is followed by a checkpoint`() throws
    {
        let folder = try TestFolder(inMemory: true)
        var options = Database.Options()
        options.isDurable = false
        options.limits.idleCheckpointPages = 20
        let database = try Database(file: folder.path + "/store.db", options: options)
        try database.write { try Notes.create(in: $0) }
        let reader = try Connection.reader(database.path)
        try reader.control("BEGIN")
        _ = try reader.integer("SELECT count(*) FROM sqlite_schema")
        for id in 1...100 { try database.write { try Notes.add(id, in: $0) } }
        database.settle()
        #expect(database.statistics.pagesInLog > 200)
        #expect(database.statistics.checkpoints <= database.statistics.pagesInLog / 20)

        // When it has been read, the log is copied as ever, and begins anew.
        reader.close()
        var last = 100
        try wait {
            last += 1
            let id = last
            try database.write { try Notes.add(id, in: $0) }
            return database.statistics.pagesInLog < 100
        }
    }
}

private struct NotAsked: Error {}

private enum IDs {}
private enum Text {}
private enum One {}

private let ids = Question(IDs.self, 1)
private let text = Question(Text.self, 1)
private let one = Question(One.self, 1)
