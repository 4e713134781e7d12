import Basics
import Store
import Synchronization
import TestSupport
import Testing

struct ChangeTests {
    @Test func `a change sees what it has done, through its own snapshot`() throws {
        let database = try Notes.store()
        let found = try database.write { change in
            try Notes.add(1, in: change)
            return try Notes.ids(in: change.snapshot)
        }
        #expect(found == [1])
    }

    @Test func `a change can write while it reads`() throws {
        let database = try Notes.store()
        try database.write { change in
            try Notes.add(1, in: change)
            try Notes.add(2, in: change)
            try change.snapshot.each("SELECT id FROM note WHERE id < 10") { row in
                let id: Int = try row[0]
                try Notes.add(id + 10, in: change)
            }
        }
        #expect(try Notes.ids(in: database) == [1, 2, 11, 12])
    }

    @Test func `a change that throws leaves no trace`() throws {
        let database = try Notes.store()
        #expect(throws: Stop.self) {
            try database.write { change in
                try Notes.add(1, in: change)
                throw Stop()
            }
        }
        #expect(try Notes.ids(in: database) == [])
    }

    @Test func `a part can fail alone`() throws {
        let database = try Notes.store()
        try database.write { change in
            try Notes.add(1, in: change)
            #expect(throws: Stop.self) {
                try change.part { part in
                    try Notes.add(2, in: part)
                    throw Stop()
                }
            }
            try change.part { try Notes.add(3, in: $0) }
        }
        #expect(try Notes.ids(in: database) == [1, 3])
    }

    @Test func `a write inside a change is a part of it`() throws {
        let database = try Notes.store()
        #expect(throws: Stop.self) {
            try database.write { change in
                try Notes.add(1, in: change)
                try database.write { try Notes.add(2, in: $0) }
                #expect(try Notes.ids(in: database) == [1, 2], "and a read sees both")
                throw Stop()
            }
        }
        #expect(try Notes.ids(in: database) == [])
    }

    @Test func `a change has one time and ids of its own`() throws {
        let clock = StandingClock(Instant(milliseconds: 5000))
        let database = try TestStore.fresh(migrated: false, time: clock.source)
        try database.write { change in
            let before = change.now
            clock.advance(seconds: 10)
            #expect(change.now == before)
            #expect(change.newID(Notes.self) < change.newID(Notes.self))
        }
        let later = try database.write { $0.now }
        #expect(later == Instant(milliseconds: 15_000))
    }

    @Test func `whoever listened last hears once of a batch, when it is durable`() throws {
        let database = try Notes.store()
        let heard = Mutex<[String]>([])
        let say: @Sendable (String) -> Void = { word in heard.withLock { $0.append(word) } }
        database.listen("bell") { say("first") }
        database.listen("bell") { say("last") }
        try database.write { change in
            change.notify("bell")
            change.notify("bell")
            change.notify("nobody listens to this")
            #expect(heard.withLock { $0 } == [])
        }
        #expect(heard.withLock { $0 } == ["last"])
    }

    @Test func `whoever hears of a change may write another`() throws {
        let database = try Notes.store()
        database.listen("bell") { try? database.write { try Notes.add(2, in: $0) } }
        try database.write { change in
            change.notify("bell")
            try Notes.add(1, in: change)
        }
        #expect(try Notes.ids(in: database) == [1, 2])
    }

    @Test func `what is remembered is forgotten with the change that remembered it`() throws {
        let database = try Notes.store()
        let loads = Mutex(0)
        @Sendable func head(in change: borrowing Change) throws -> Int {
            try change.remembered("head") { snapshot in
                loads.withLock { $0 += 1 }
                return try Notes.ids(in: snapshot).count
            }
        }
        try database.write { change in
            var seen = [try head(in: change)]
            change.remember("head", 7)
            seen.append(try head(in: change))
            try? change.part { part in
                part.remember("head", 8)
                throw Stop()
            }
            seen.append(try head(in: change))
            #expect(seen == [0, 7, 7])
        }
        try? database.write { change in
            change.remember("head", 9)
            throw Stop()
        }
        let kept = try database.write { try head(in: $0) }
        #expect(kept == 7)
        #expect(loads.withLock { $0 } == 1)
    }

    @Test func `a snapshot only reads`() throws {
        let database = try Notes.store()
        for sql: SQL in [
            "INSERT INTO note (id, text) VALUES (1, 'x') RETURNING id", "DELETE FROM note",
            "COMMIT", "BEGIN IMMEDIATE",
        ] {
            #expect(throws: StoreFault.self) {
                try database.read { snapshot in
                    _ = try snapshot.all(sql) { _ in 0 }
                }
            }
            #expect(throws: StoreFault.self) {
                try database.write { change in
                    _ = try change.snapshot.all(sql) { _ in 0 }
                }
            }
        }
        #expect(try Notes.ids(in: database) == [])
    }

    @Test func `a change cannot end its transaction`() throws {
        let database = try Notes.store()
        #expect(throws: StoreFault.self) {
            try database.write { change in
                try Notes.add(1, in: change)
                try change.run("COMMIT")
            }
        }
        #expect(try Notes.ids(in: database) == [])
    }
}
