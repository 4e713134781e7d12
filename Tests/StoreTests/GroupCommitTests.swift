import Basics
import CSQLite
import Dispatch
import Synchronization
import TestSupport
import Testing

@testable import Store

struct GroupCommitTests {
    /// Holds the writer until `open`, so that a line gathers behind it.
    private struct Gate {
        private let entered = DispatchSemaphore(value: 0)
        private let leave = DispatchSemaphore(value: 0)

        init(in database: Database) throws {
            let (entered, leave) = (entered, leave)
            database.submit { _ in
                entered.signal()
                _ = leave.comes()
            } then: { _ in
            }
            try #require(entered.comes())
        }

        func open() {
            leave.signal()
        }
    }

    /// The answers to some submitted changes, once all are there.
    private final class Answers: Sendable {
        private let group = DispatchGroup()
        private let results = Mutex<[Int: Result<Int, any Error>]>([:])

        func submit(
            _ number: Int,
            to database: Database,
            _ body: @escaping @Sendable (borrowing Change) throws -> Void
        ) {
            group.enter()
            database.submit { change in
                try body(change)
                return number
            } then: { result in
                self.results.withLock { $0[number] = result }
                self.group.leave()
            }
        }

        var all: [Int: Result<Int, any Error>] {
            get throws {
                try #require(group.comes())
                return results.withLock { $0 }
            }
        }
    }

    private func succeeded(_ answers: [Int: Result<Int, any Error>]) -> [Int] {
        answers.filter { (try? $0.value.get()) != nil }.keys.sorted()
    }

    @Test func `those who wait share one commit, in the order in which they came`() throws {
        let database = try Notes.store()
        let before = database.statistics.batches
        let gate = try Gate(in: database)
        let answers = Answers()
        let order = Mutex<[Int]>([])
        for number in 1...50 {
            answers.submit(number, to: database) { change in
                order.withLock { $0.append(number) }
                try Notes.add(number, in: change)
            }
        }
        gate.open()
        #expect(try succeeded(answers.all) == Array(1...50))
        #expect(order.withLock { $0 } == Array(1...50))
        // The gate's own commit and one more; a slow machine cuts a long one into a few.
        #expect((2...6).contains(database.statistics.batches - before))
    }

    @Test func `if one cannot be undone alone, none of them is kept`() throws {
        let database = try Notes.store()
        let connection = try #require(database.serving?.turn.connection)
        let gate = try Gate(in: database)
        let answers = Answers()
        answers.submit(1, to: database) { try Notes.add(1, in: $0) }
        answers.submit(2, to: database) { change in
            try Notes.add(2, in: change)
            // What is not there any more cannot be gone back to, as after a failure of the disk.
            try connection.control("RELEASE change")
            throw Stop()
        }
        answers.submit(3, to: database) { try Notes.add(3, in: $0) }
        gate.open()
        #expect(try succeeded(answers.all) == [])
        #expect(try Notes.ids(in: database) == [])
        try database.write { try Notes.add(4, in: $0) }
        #expect(try Notes.ids(in: database) == [4])
    }

    @Test func `what goes on in a change that could not be undone is not kept either`() throws {
        let database = try Notes.store()
        let connection = try #require(database.serving?.turn.connection)
        #expect(throws: StoreUnavailable.ioFailure) {
            try database.write { change in
                try Notes.add(1, in: change)
                _ = try? database.write { inner in
                    try Notes.add(2, in: inner)
                    try connection.control("RELEASE change")
                    try connection.control("RELEASE change")
                    throw Stop()
                }
                try database.write { try Notes.add(3, in: $0) }
            }
        }
        #expect(try Notes.ids(in: database) == [])
    }

    @Test func `one of them fails alone`() throws {
        let database = try Notes.store()
        let gate = try Gate(in: database)
        let answers = Answers()
        for number in 1...9 {
            answers.submit(number, to: database) { change in
                try Notes.add(number, in: change)
                // In the middle of a batch: what it wrote goes, what the others wrote stays.
                if number == 5 { throw Stop() }
            }
        }
        answers.submit(10, to: database) { try Notes.add(3, in: $0) }
        answers.submit(11, to: database) { change in
            try change.run("INSERT INTO note (id, text, parent) VALUES (11, 'x', 99)")
        }
        gate.open()
        let all = try answers.all
        #expect(throws: Stop.self) { try all[5]?.get() }
        #expect(throws: ConstraintFailure.self) { try all[10]?.get() }
        #expect(throws: ConstraintFailure.self) { try all[11]?.get() }
        #expect(try Notes.ids(in: database) == [1, 2, 3, 4, 6, 7, 8, 9])
    }

    @Test func `an answer comes only when another connection sees what was written`() throws {
        let database = try Notes.store()
        let gate = try Gate(in: database)
        let early = Mutex<[Int]>([])
        let group = DispatchGroup()
        for number in 1...20 {
            group.enter()
            database.submit { change in
                try Notes.add(number, in: change)
            } then: { _ in
                // On the writer's thread, but no change is open: this is a read of its own.
                let seen = (try? Notes.ids(in: database)) ?? []
                if !seen.contains(number) { early.withLock { $0.append(number) } }
                group.leave()
            }
        }
        gate.open()
        try #require(group.comes())
        #expect(early.withLock { $0 } == [])
    }

    @Test func `when the commit fails, nobody's change is there and everybody hears it`() throws {
        let database = try Notes.store()
        try database.write { $0.remember("head", 1) }
        // SQLite then turns the next COMMIT into a ROLLBACK.
        try database.alone { connection in
            _ = unsafe sqlite3_commit_hook(connection.handle, { _ in 1 }, nil)
        }
        let gate = try Gate(in: database)
        let answers = Answers()
        for number in 1...5 {
            answers.submit(number, to: database) { change in
                change.remember("head", 2)
                try Notes.add(number, in: change)
                if number == 5 { throw Stop() }
            }
        }
        gate.open()
        for answer in try answers.all.values {
            #expect(throws: StoreUnavailable.ioFailure) { try answer.get() }
        }
        try database.alone { connection in
            _ = unsafe sqlite3_commit_hook(connection.handle, nil, nil)
        }
        #expect(try Notes.ids(in: database) == [])
        let head = try database.write { change in
            try Notes.add(9, in: change)
            return try change.remembered("head") { _ in 3 }
        }
        #expect(head == 3, "after a failed commit what was remembered is loaded again")
        #expect(try Notes.ids(in: database) == [9])
    }

    @Test func `over the bound a change is refused at once, and the line goes on`() throws {
        let folder = try TestFolder()
        var options = Database.Options()
        options.limits.line = 3
        options.isDurable = false
        let database = try Database(file: folder.path + "/store.db", options: options)
        try database.write { try Notes.create(in: $0) }
        let gate = try Gate(in: database)
        let answers = Answers()
        for number in 1...5 {
            answers.submit(number, to: database) { try Notes.add(number, in: $0) }
        }
        #expect(throws: StoreUnavailable.overloaded) {
            try database.write { try Notes.add(6, in: $0) }
        }
        gate.open()
        let all = try answers.all
        #expect(succeeded(all) == [1, 2, 3])
        #expect(throws: StoreUnavailable.overloaded) { try all[4]?.get() }
        #expect(try Notes.ids(in: database) == [1, 2, 3])
    }

    @Test func `how many may wait can be changed while they wait`() throws {
        let folder = try TestFolder()
        var options = Database.Options()
        options.limits.line = 1
        options.isDurable = false
        let database = try Database(file: folder.path + "/store.db", options: options)
        try database.write { try Notes.create(in: $0) }
        let gate = try Gate(in: database)
        let answers = Answers()
        database.allow(waiting: 3)
        for number in 1...4 {
            answers.submit(number, to: database) { try Notes.add(number, in: $0) }
        }
        gate.open()
        #expect(try succeeded(answers.all) == [1, 2, 3])
    }

    @Test func `a long batch is cut, and the rest comes next in its order`() throws {
        let folder = try TestFolder()
        var options = Database.Options()
        options.limits.batchMilliseconds = 0
        options.isDurable = false
        let database = try Database(file: folder.path + "/store.db", options: options)
        try database.write { try Notes.create(in: $0) }
        let before = database.statistics.batches
        let gate = try Gate(in: database)
        let answers = Answers()
        let order = Mutex<[Int]>([])
        for number in 1...20 {
            answers.submit(number, to: database) { change in
                order.withLock { $0.append(number) }
                try Notes.add(number, in: change)
            }
        }
        gate.open()
        #expect(try succeeded(answers.all) == Array(1...20))
        #expect(order.withLock { $0 } == Array(1...20))
        #expect(database.statistics.batches == before + 21)
    }

    @Test func `many threads that read, add one and write lose nothing`() throws {
        let database = try Notes.store()
        try database.write { try $0.run("INSERT INTO note (id, text) VALUES (1, '0')") }
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            for _ in 0..<50 {
                _ = try? database.write { change in
                    let text: String = try change.snapshot.value("SELECT text FROM note") ?? ""
                    let next = (Int(text) ?? 0) + 1
                    try change.run("UPDATE note SET text = \(String(next))")
                }
            }
        }
        let text: String? = try database.read { try $0.value("SELECT text FROM note") }
        #expect(text == "400")
    }

    @Test func `however the turn goes round, a change reads and writes through itself`() throws {
        let database = try Notes.store()
        let wrong = Mutex(0)
        let group = DispatchGroup()
        @Sendable func step(_ number: Int, in change: borrowing Change) throws {
            try Notes.add(number, in: change)
            try database.write { try Notes.add(number + 1, in: $0) }
            let seen: Int? = try database.read { snapshot in
                try snapshot.value(
                    "SELECT count(*) FROM note WHERE id IN (\(number), \(number + 1))"
                )
            }
            if seen != 2 { wrong.withLock { $0 += 1 } }
        }
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            for turn in 0..<40 {
                let number = (thread * 40 + turn) * 4
                group.enter()
                database.submit {
                    try step(number, in: $0)
                } then: { _ in
                    group.leave()
                }
                _ = try? database.write { try step(number + 2, in: $0) }
            }
        }
        try #require(group.comes())
        #expect(wrong.withLock { $0 } == 0)
        #expect(try Notes.ids(in: database) == Array(0..<8 * 40 * 4))
    }

    @Test func `what waits when the store is closed is still done, and nothing after it`() throws {
        let folder = try TestFolder()
        let path = folder.path + "/store.db"
        let database = try Database(file: path)
        try database.write { try Notes.create(in: $0) }
        let gate = try Gate(in: database)
        let answers = Answers()
        for number in 1...5 {
            answers.submit(number, to: database) { try Notes.add(number, in: $0) }
        }
        let isClosed = DispatchSemaphore(value: 0)
        DispatchQueue.global().async {
            database.close()
            isClosed.signal()
        }
        gate.open()
        #expect(try succeeded(answers.all) == [1, 2, 3, 4, 5])
        try #require(isClosed.comes())
        #expect(throws: StoreUnavailable.closed) {
            try database.write { try Notes.add(6, in: $0) }
        }
        #expect(throws: StoreUnavailable.closed) { try Notes.ids(in: database) }
    }
}
