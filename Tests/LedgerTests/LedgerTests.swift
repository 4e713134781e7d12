import Basics
import ProofLog
import Store
import TestSupport
import Testing

@testable import Ledger

/// The ledger's rules, each refusal in the order in which it is checked, and seeded random runs
/// against a model that keeps everything in an array.
@Suite struct LedgerTests {
    private static let kinds = [
        AccountKind("bank"), AccountKind("funds"), AccountKind("held", floor: 0),
    ]
    private static let day = Instant(milliseconds: 1_790_000_000_000)

    private func request(
        _ key: String,
        _ legs: [(AccountKind, Int64)],
        in change: borrowing Change
    ) throws -> EntryRequest {
        var made: [Leg] = []
        for (kind, amount) in legs {
            made.append(Leg(account: try Ledger.account(kind, of: 1, in: change), amount: amount))
        }
        return EntryRequest(kind: "test", key: key, effectiveAt: Self.day, legs: made)
    }

    private func refusal(
        _ database: Database,
        _ key: String,
        _ legs: [(AccountKind, Int64)]
    ) throws -> LedgerRefusal? {
        do {
            try database.write { change in
                _ = try Ledger.post(try request(key, legs, in: change), in: change)
            }
            return nil
        } catch let refusal as LedgerRefusal {
            return refusal
        }
    }

    @Test func `every way of refusing an entry, and nothing is written by any`() throws {
        let database = try TestStore.fresh()
        let (bank, funds, held) = (Self.kinds[0], Self.kinds[1], Self.kinds[2])
        #expect(try refusal(database, "one", [(bank, -500), (funds, 500)]) == nil)
        #expect(
            try refusal(database, "one", [(bank, -400), (funds, 400)]) == .keyUsedForAnotherEntry
        )
        #expect(try refusal(database, "a", [(bank, 5)]) == .tooFewLegs)
        #expect(try refusal(database, "a", [(bank, 0), (funds, 0)]) == .zeroLeg)
        #expect(
            try refusal(database, "a", [(bank, -(1 << 53)), (funds, 1 << 53)]) == .amountTooLarge
        )
        #expect(try refusal(database, "a", [(bank, -5), (funds, 4)]) == .unbalanced)
        #expect(try refusal(database, "a", [(held, -1), (funds, 1)]) == .belowFloor)
        #expect(try database.read { try Ledger.entry(number: 2, in: $0) } == nil)
        #expect(try database.read { try Ledger.verify(in: $0) } == [])
    }

    @Test func `currencies are never mixed`() throws {
        let database = try TestStore.fresh()
        let coins = AccountKind("coins", .coin)
        #expect(try refusal(database, "a", [(Self.kinds[0], -5), (coins, 5)]) == .unbalanced)
    }

    @Test func `the same key and body is the same entry, however often`() throws {
        let database = try TestStore.fresh()
        for _ in 0..<3 {
            #expect(
                try refusal(database, "k", [(Self.kinds[0], -7), (Self.kinds[1], 7)]) == nil
            )
        }
        #expect(
            try database.read { try Ledger.balance(Self.kinds[1], of: 1, in: $0) } == .pence(7)
        )
    }

    @Test func `an entry is undone once, by its mirror image`() throws {
        let database = try TestStore.fresh()
        _ = try refusal(database, "k", [(Self.kinds[0], -7), (Self.kinds[1], 7)])
        let first = try database.write { try Ledger.reverse(1, key: "r", in: $0) }
        let again = try database.write { try Ledger.reverse(1, key: "r", in: $0) }
        #expect(first.reverses == 1)
        #expect(again.number == 2)
        #expect(throws: LedgerRefusal.alreadyReversed) {
            try database.write { _ = try Ledger.reverse(1, key: "again", in: $0) }
        }
        #expect(throws: LedgerRefusal.unknownEntry) {
            try database.write { _ = try Ledger.reverse(9, key: "x", in: $0) }
        }
        #expect(
            try database.read { try Ledger.balance(Self.kinds[1], of: 1, in: $0) } == .pence(0)
        )
    }

    @Test func `the floor holds even for SQL written by hand`() throws {
        let database = try TestStore.fresh()
        _ = try refusal(database, "k", [(Self.kinds[0], -7), (Self.kinds[2], 7)])
        let id = try database.read { try LedgerStore.account(Self.kinds[2], 1, in: $0) }?.id
        #expect(throws: ConstraintFailure.self) {
            try database.write { change in
                try change.run(
                    "INSERT INTO ledger_leg (entry, place, account, amount) VALUES (1, 2, \(id), -8)"
                )
            }
        }
        #expect(throws: ConstraintFailure.self) {
            try database.write { try $0.run("UPDATE ledger_entry SET kind = 'x'") }
        }
        #expect(throws: ConstraintFailure.self) {
            try database.write { try $0.run("DELETE FROM ledger_leg") }
        }
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func `a random run agrees with the model, and sums to zero`(seed: UInt64) throws {
        let random = RandomSource.seeded(seed)
        let clock = StandingClock(Self.day)
        let database = try TestStore.fresh(time: clock.source)
        var balances = [Int64](repeating: 0, count: Self.kinds.count)
        var keys: [String: [Int64]] = [:]
        var lines = 0
        for step in 0..<300 {
            // Now and then the clock steps back.
            clock.advance(seconds: Int64(random.number(below: 100)) - 10)
            let from = random.number(below: Self.kinds.count)
            let to = (from + 1 + random.number(below: Self.kinds.count - 1)) % Self.kinds.count
            let amount = Int64(random.number(below: 2000))
            let isRepeat = random.number(below: 8) == 0 && !keys.isEmpty
            let key = isRepeat ? (keys.keys.sorted().first ?? "") : "key \(step)"
            let body = [Int64(from), Int64(to), amount]
            let expected: LedgerRefusal? =
                if let before = keys[key] {
                    before == body ? nil : .keyUsedForAnotherEntry
                } else if amount == 0 {
                    .zeroLeg
                } else if Self.kinds[from].floor != nil, balances[from] < amount {
                    .belowFloor
                } else {
                    nil
                }
            let found = try refusal(
                database,
                key,
                [(Self.kinds[from], -amount), (Self.kinds[to], amount)]
            )
            #expect(found == expected, "step \(step)")
            if expected == nil, keys[key] == nil {
                keys[key] = body
                balances[from] -= amount
                balances[to] += amount
                lines += 1
            }
        }
        for (place, kind) in Self.kinds.enumerated() {
            let found = try database.read { data in
                (
                    now: try Ledger.balance(kind, of: 1, in: data),
                    last: try Ledger.statement(kind, of: 1, limit: 1, in: data).first
                )
            }
            #expect(found.now == .pence(balances[place]))
            #expect(found.last.map(\.balanceAfter.minor) ?? 0 == balances[place])
        }
        let all = try database.read { try Ledger.balances(in: $0) }
        #expect(all.map(\.balance).reduce(0, +) == 0)
        #expect(try database.read { try LedgerStore.last(in: $0)?.number } == Int64(lines))
        #expect(try database.read { try Ledger.verify(in: $0) } == [])
    }

    @Test(arguments: [
        "UPDATE ledger_entry SET kind = 'other' WHERE number = 2",
        "UPDATE ledger_entry SET key = 'other' WHERE number = 2",
        "UPDATE ledger_entry SET reference = 7 WHERE number = 2",
        "UPDATE ledger_entry SET effective_at = effective_at + 1 WHERE number = 2",
        "UPDATE ledger_entry SET recorded_at = recorded_at + 1 WHERE number = 2",
        "UPDATE ledger_leg SET amount = amount + 1 WHERE entry = 2 AND place = 0",
        "UPDATE ledger_entry SET recorded_at = 0 WHERE number = 2",
        "UPDATE ledger_entry SET reverses = 1 WHERE number = 2",
        "UPDATE ledger_account SET owner = 9 WHERE kind = 'funds'",
        "UPDATE ledger_account SET balance = balance + 1 WHERE kind = 'funds'",
        "DELETE FROM ledger_leg WHERE entry = 2 AND place = 1",
    ])
    func `whatever was changed behind its back is named`(statement: String) throws {
        let database = try TestStore.fresh()
        for number in 1...3 {
            _ = try refusal(
                database,
                "k\(number)",
                [(Self.kinds[0], -7), (Self.kinds[1], 7)]
            )
        }
        try Tampering.run(statement, on: database)
        let problems = try database.read { try Ledger.verify(in: $0) }
        let named = problems.map(\.description).joined(separator: "\n")
        #expect(
            named.contains("ledger_entry number 2") || named.contains("ledger_account funds"),
            "\(named)"
        )
    }
}
