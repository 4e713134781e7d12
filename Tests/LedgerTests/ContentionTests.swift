import Basics
import Dispatch
import Store
import Synchronization
import TestSupport
import Testing

@testable import Ledger

/// Many at once on the last pound.
@Suite struct ContentionTests {
    @Test func `of many who want the last pounds just as many win as there are pounds`() throws {
        let database = try TestStore.fresh()
        let bank = AccountKind("bank")
        let funds = AccountKind("funds", floor: 0)
        @Sendable func move(_ pence: Int64, key: String) throws {
            try database.write { change in
                let legs = [
                    Leg(account: try Ledger.account(bank, in: change), amount: -pence),
                    Leg(account: try Ledger.account(funds, of: 1, in: change), amount: pence),
                ]
                let day = Instant(milliseconds: 0)
                _ = try Ledger.post(
                    EntryRequest(kind: "move", key: key, effectiveAt: day, legs: legs),
                    in: change
                )
            }
        }
        try move(500, key: "top-up")
        let outcomes = Mutex<[String: [Bool]]>([:])
        let faults = Mutex<[String]>([])
        // Two threads send each key, as a person does who presses twice.
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            for step in 0..<25 {
                let key = "take \(thread / 2) \(step)"
                do {
                    try move(-10, key: key)
                    outcomes.withLock { $0[key, default: []].append(true) }
                } catch LedgerRefusal.belowFloor {
                    outcomes.withLock { $0[key, default: []].append(false) }
                } catch {
                    faults.withLock { $0.append("\(error)") }
                }
            }
        }
        #expect(faults.withLock { $0 } == [])
        let results = outcomes.withLock { $0 }
        #expect(results.count == 100)
        #expect(results.values.allSatisfy { $0.count == 2 && $0[0] == $0[1] })
        #expect(results.values.filter { $0.contains(true) }.count == 50)
        let (held, entries, problems) = try database.read { data in
            (
                try Ledger.balance(funds, of: 1, in: data),
                try Ledger.entries(limit: 999, in: data).map(\.number),
                try Ledger.verify(in: data)
            )
        }
        #expect(held == .pence(0))
        #expect(entries == Array(1...51))
        #expect(problems == [])
    }
}
