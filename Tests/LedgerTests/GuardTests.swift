import Basics
import ProofLog
import Store
import TestSupport
import Testing

@testable import Ledger

/// The schema alone keeps what has been written, whatever SQL is run against it.
@Suite struct GuardTests {
    private static let bank = AccountKind("bank")
    private static let funds = AccountKind("funds", floor: 0)
    private static let day = Instant(milliseconds: 1_790_000_000_000)

    /// Two entries, the second the reversal of the first.
    private func written() throws -> Database {
        let database = try TestStore.fresh(time: StandingClock(Self.day).source)
        try database.write { change in
            let bank = try Ledger.account(Self.bank, in: change)
            let funds = try Ledger.account(Self.funds, of: 1, in: change)
            _ = try Ledger.post(
                EntryRequest(
                    kind: "test",
                    key: "one",
                    effectiveAt: Self.day,
                    legs: [Leg(account: bank, amount: -7), Leg(account: funds, amount: 7)]
                ),
                in: change
            )
            _ = try Ledger.reverse(1, key: "two", in: change)
        }
        return database
    }

    static let attempts: [(sql: SQL, message: String)] = [
        (
            """
            INSERT OR REPLACE INTO ledger_entry (number, kind, effective_at, recorded_at, key)
            VALUES (1, 'other', 0, 1790000000000, 'three')
            """, "numbered one after another"
        ),
        (
            """
            INSERT INTO ledger_entry (number, kind, effective_at, recorded_at, key)
            VALUES (4, 'other', 0, 1790000000000, 'three')
            """, "numbered one after another"
        ),
        (
            """
            INSERT INTO ledger_entry (number, kind, effective_at, recorded_at, key)
            VALUES (3, 'other', 0, 1789999999999, 'three')
            """, "never runs backwards"
        ),
        (
            """
            INSERT OR REPLACE INTO ledger_entry (number, kind, effective_at, recorded_at, key)
            VALUES (3, 'other', 0, 1790000000000, 'one')
            """, "a key makes one entry"
        ),
        (
            """
            INSERT OR REPLACE INTO ledger_entry
                (number, kind, effective_at, recorded_at, key, reverses)
            VALUES (3, 'other', 0, 1790000000000, 'three', 1)
            """, "reversed once"
        ),
        (
            """
            INSERT OR REPLACE INTO ledger_leg (entry, place, account, amount)
            SELECT 2, 1, id, 700 FROM ledger_account WHERE kind = 'funds'
            """, "legs are added to the last entry"
        ),
        (
            """
            INSERT INTO ledger_leg (entry, place, account, amount)
            SELECT 1, 2, id, 700 FROM ledger_account WHERE kind = 'funds'
            """, "legs are added to the last entry"
        ),
        (
            """
            INSERT OR REPLACE INTO ledger_account (id, kind, owner, currency, opened_at)
            SELECT 1, kind, owner, currency, 0 FROM ledger_account WHERE kind = 'funds'
            """, "an account is opened once"
        ),
        (
            """
            INSERT INTO ledger_account (id, kind, owner, currency, balance, opened_at)
            VALUES (1, 'gift', 1, 'GBP', 500, 0)
            """, "an account is opened once"
        ),
    ]

    @Test(arguments: attempts.indices)
    func `an insertion cannot rewrite, skip a number or step back`(place: Int) throws {
        let (sql, message) = Self.attempts[place]
        let database = try written()
        let before = try database.read { try Ledger.journal(in: $0, zone: try London.zone()) }
        let failure = #expect(throws: ConstraintFailure.self) {
            try database.write { try $0.run(sql) }
        }
        #expect(failure.map { String(describing: $0).contains(message) } == true)
        let after = try database.read { try Ledger.journal(in: $0, zone: try London.zone()) }
        #expect(before == after)
        #expect(try database.read { try Ledger.verify(in: $0) } == [])
    }

    @Test func `entries are read a page at a time, in the order of their numbers`() throws {
        let database = try written()
        let pages = try database.read { data in
            (
                all: try Ledger.entries(limit: 9, in: data).map(\.number),
                first: try Ledger.entries(limit: 1, in: data).map(\.number),
                second: try Ledger.entries(after: 1, limit: 1, in: data).map(\.number),
                beyond: try Ledger.entries(after: 2, limit: 1, in: data).map(\.number)
            )
        }
        #expect(pages.all == [1, 2])
        #expect(pages.first == [1])
        #expect(pages.second == [2])
        #expect(pages.beyond == [])
    }

    @Test func `a reversal that is no mirror image is named`() throws {
        let database = try written()
        try Tampering.run("UPDATE ledger_leg SET amount = amount * 2 WHERE entry = 2", on: database)
        let named = try database.read { try Ledger.verify(in: $0) }.map(\.description)
        #expect(named.contains("ledger_entry number 2 is no mirror image of entry 1"))
    }

    @Test func `an entry recorded before its predecessor is named`() throws {
        let database = try written()
        try Tampering.run("UPDATE ledger_entry SET recorded_at = 0 WHERE number = 2", on: database)
        let named = try database.read { try Ledger.verify(in: $0) }.map(\.description)
        #expect(named.contains("ledger_entry number 2 was recorded before the entry before it"))
    }
}
