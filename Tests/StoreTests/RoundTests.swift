import Basics
import Dispatch
import Synchronization
import TestSupport
import Testing

@testable import Store

struct RoundTests {
    /// Who was answered, and how.
    private final class Answered: Sendable {
        private let group = DispatchGroup()
        private let failures = Mutex<[any Error]>([])

        func add(_ ids: ClosedRange<Int>, to database: Database) {
            for id in ids {
                group.enter()
                database.submit {
                    try Notes.add(id, in: $0)
                } then: { result in
                    if case .failure(let error) = result {
                        self.failures.withLock { $0.append(error) }
                    }
                    self.group.leave()
                }
            }
        }

        func wait() throws -> [any Error] {
            try #require(group.comes(), "not everybody was answered")
            return failures.withLock { $0 }
        }
    }

    @Test func `what is submitted in a round is one commit`() throws {
        let folder = try TestFolder(inMemory: true)
        var options = Database.Options()
        // However slow the machine is.
        options.limits.batchMilliseconds = 60_000
        let database = try Database(file: folder.path + "/store.db", options: options)
        try database.write { try Notes.create(in: $0) }
        let before = database.statistics.batches
        let answered = Answered()
        Round.run { answered.add(1...20, to: database) }
        #expect(try answered.wait().isEmpty)
        #expect(try Notes.ids(in: database) == Array(1...20))
        #expect(database.statistics.batches == before + 1)
    }

    @Test func `so many changes do not wait for the end of the round`() throws {
        let database = try Notes.store()
        let answered = Answered()
        try Round.run { () throws in
            answered.add(1...24, to: database)
            #expect(try answered.wait().isEmpty)
            answered.add(25...30, to: database)
        }
        #expect(try answered.wait().isEmpty)
        #expect(try Notes.ids(in: database) == Array(1...30))
    }

    @Test func `changes of two stores in one round each reach their own`() throws {
        let (first, second) = (try Notes.store(), try Notes.store())
        let answered = Answered()
        Round.run {
            answered.add(1...2, to: first)
            answered.add(5...6, to: second)
            answered.add(3...4, to: first)
        }
        #expect(try answered.wait().isEmpty)
        #expect(try Notes.ids(in: first) == Array(1...4))
        #expect(try Notes.ids(in: second) == [5, 6])
    }

    @Test func `a store that is closed in a round answers what was submitted before`() throws {
        let database = try Notes.store()
        let answered = Answered()
        Round.run {
            answered.add(1...3, to: database)
            database.close()
        }
        let failures = try answered.wait()
        #expect(failures.count == 3)
        #expect(failures.allSatisfy { $0 as? StoreUnavailable == .closed })
    }

    @Test func `an answer that submits while a round hands its changes over is heard`() throws {
        let (closed, first, second) = (try Notes.store(), try Notes.store(), try Notes.store())
        closed.close()
        let answered = Answered()
        let refusals = Atomic(0)
        Round.run {
            // Answered while the round turns to another store.
            closed.submit {
                try Notes.add(1, in: $0)
            } then: { _ in
                refusals.add(1, ordering: .relaxed)
                answered.add(1...3, to: first)
            }
            answered.add(4...6, to: second)
            answered.add(4...6, to: first)
        }
        #expect(refusals.load(ordering: .relaxed) == 1)
        #expect(try answered.wait().isEmpty)
        #expect(try Notes.ids(in: first) == Array(1...6))
        #expect(try Notes.ids(in: second) == [4, 5, 6])
    }

    @Test func `reads of a round share their snapshot, which ends with it`() throws {
        let database = try Notes.store()
        var connections: [Connection] = []
        try Round.run { () throws in
            for _ in 0..<3 {
                let reader = try database.reading { connection in
                    _ = try Notes.ids(in: Snapshot(connection))
                    return connection
                }
                connections.append(reader)
                #expect(connections.last?.inTransaction == true)
            }
        }
        #expect(connections.allSatisfy { $0 === connections.first && !$0.inTransaction })
    }

    @Test func `a read sees what was acknowledged since the round's last one`() throws {
        let database = try Notes.store()
        try Round.run { () throws in
            #expect(try Notes.ids(in: database) == [])
            for id in 1...3 {
                try database.write { try Notes.add(id, in: $0) }
                #expect(try Notes.ids(in: database) == Array(1...id))
            }
        }
    }

    @Test func `a read that fails ends the snapshot, and the next one is whole`() throws {
        let database = try Notes.store()
        try database.write { try Notes.add(1, in: $0) }
        try Round.run { () throws in
            #expect(try Notes.ids(in: database) == [1])
            #expect(throws: Stop.self) { try database.read { _ in throw Stop() } }
            #expect(try Notes.ids(in: database) == [1])
        }
    }

    @Test func `reads of two stores in one round each see their own`() throws {
        let (first, second) = (try Notes.store(), try Notes.store())
        try first.write { try Notes.add(1, in: $0) }
        try second.write { try Notes.add(2, in: $0) }
        try Round.run { () throws in
            for _ in 0..<3 {
                #expect(try Notes.ids(in: first) == [1])
                #expect(try Notes.ids(in: second) == [2])
            }
        }
    }

    @Test func `no read is older than what was acknowledged before it began`() throws {
        let database = try Notes.store()
        let acknowledged = Atomic<Int>(0)
        let isOver = Atomic<Bool>(false)
        let readers = DispatchGroup()
        for _ in 0..<2 {
            DispatchQueue.global().async(group: readers) {
                while !isOver.load(ordering: .acquiring) {
                    Round.run {
                        for _ in 0..<20 {
                            let least = acknowledged.load(ordering: .acquiring)
                            let seen = try? database.read { snapshot -> Int? in
                                try snapshot.value("SELECT max(id) FROM note")
                            }
                            #expect((seen ?? nil) ?? 0 >= least)
                        }
                    }
                }
            }
        }
        defer { isOver.store(true, ordering: .releasing) }
        for id in 1...500 {
            try database.write { try Notes.add(id, in: $0) }
            acknowledged.store(id, ordering: .releasing)
        }
        isOver.store(true, ordering: .releasing)
        try #require(readers.comes())
    }
}
