import Basics
import Store
import TestSupport
import Testing

struct ValueTests {
    private enum Colour: String, CodeName {
        case red
        case blue
    }

    private func back<Value: SQLBindable & SQLDecodable & Sendable & Equatable>(
        _ value: Value
    ) throws -> Value? {
        try TestStore.fresh(migrated: false).read { snapshot in
            try snapshot.first("SELECT \(value)") { row -> Value in try row[0] }
        }
    }

    @Test func `what is bound comes back as it was`() throws {
        #expect(try back(Int64.min) == .min)
        #expect(try back(-1) == -1)
        #expect(try back(true) == true)
        #expect(try back(51.5) == 51.5)
        #expect(try back("") == "")
        #expect(try back("naïve 👩‍🦽 \u{0} end") == "naïve 👩‍🦽 \u{0} end")
        #expect(try back([UInt8]()) == [])
        #expect(try back([0, 255, 7] as [UInt8]) == [0, 255, 7])
        #expect(try back(Identifier<Colour>(rawValue: 42)) == Identifier(rawValue: 42))
        #expect(try back(Instant(milliseconds: 42)) == Instant(milliseconds: 42))
        #expect(try back(Minutes(75)) == Minutes(75))
        #expect(try back(CivilDay("2026-11-19")) == CivilDay("2026-11-19"))
        #expect(try back(CivilTime("09:05")) == CivilTime("09:05"))
        #expect(try back(Sealed(bytes: [1, 2])) == Sealed(bytes: [1, 2]))
        #expect(try back(Colour.blue) == .blue)
        #expect(try back(Currency.coin) == .coin)
    }

    @Test func `nil is NULL, and NULL is nil`() throws {
        let none: String? = nil
        let database = try TestStore.fresh(migrated: false)
        let (isNull, text): (Bool, String?) = try #require(
            try database.read { snapshot in
                try snapshot.first("SELECT \(none) IS NULL, \(none)") { row in
                    (try row[0], try row[1])
                }
            }
        )
        #expect(isNull)
        #expect(text == nil)
        let value: Int? = try database.read { try $0.value("SELECT NULL") }
        #expect(value == nil)
    }

    @Test func `a value is bound, whatever it says`() throws {
        let database = try Notes.store()
        let text = "'); DROP TABLE note; --"
        try database.write { try $0.run("INSERT INTO note (id, text) VALUES (1, \(text))") }
        let back: String? = try database.read { try $0.value("SELECT text FROM note") }
        #expect(back == text)
    }

    @Test func `a list and a part carry their own values`() throws {
        let database = try Notes.store()
        try database.write { change in
            for id in 1...5 { try Notes.add(id, in: change) }
        }
        func count(_ part: SQL) throws -> Int? {
            try database.read {
                try $0.value("SELECT count(*) FROM note WHERE id > \(1) AND \(part)")
            }
        }
        #expect(try count("id IN (\(list: [1, 2, 3]))") == 2)
        #expect(try count("id IN (\(list: [Int]()))") == 0)
        #expect(try count("id NOT IN (\(list: [Int]()))") == 4)
    }

    @Test func `a column of another type than expected is a fault that names it`() throws {
        let database = try TestStore.fresh(migrated: false)
        let fault = #expect(throws: StoreFault.self) {
            try database.read { snapshot in
                _ = try snapshot.first("SELECT 'secret' AS age") { row -> Int in try row[0] }
            }
        }
        #expect(fault?.message == "column 0 (age) does not hold a whole number")
        #expect(throws: StoreFault.self) {
            try database.read { snapshot in
                _ = try snapshot.first("SELECT 'green'") { row -> Colour in try row[0] }
            }
        }
        #expect(throws: StoreFault.self) {
            try database.read { snapshot in
                _ = try snapshot.first("SELECT NULL") { row -> Int in try row[0] }
            }
        }
    }

    @Test func `a statement is found again, and one inside its own loop is another`() throws {
        let database = try Notes.store()
        try database.write { change in
            for id in 1...3 { try Notes.add(id, in: change) }
        }
        let pairs = try database.read { snapshot in
            var pairs = 0
            try snapshot.each("SELECT id FROM note") { _ in
                pairs += try Notes.ids(in: snapshot).count
                try snapshot.each("SELECT id FROM note ORDER BY id") { _ in
                    pairs += 100 * (try Notes.ids(in: snapshot).count)
                }
            }
            return pairs
        }
        #expect(pairs == 3 * 3 + 100 * 27)
    }

    @Test func `more statements than are kept still all work`() throws {
        let database = try Notes.store()
        try database.write { change in
            for id in 1...600 { try Notes.add(id, in: change) }
        }
        let sums = try database.read { snapshot in
            try (1...600).map { count -> Int in
                let ids = Array(1...count)
                return try snapshot.value(
                    "SELECT count(*) FROM note WHERE id IN (\(list: ids))"
                ) ?? 0
            }
        }
        #expect(sums == Array(1...600))
    }
}
