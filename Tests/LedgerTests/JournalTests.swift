import Basics
import Foundation
import Store
import TestSupport
import Testing

@testable import Ledger

enum London {
    static func zone() throws -> CivilZone { try #require(CivilZone(named: "Europe/London")) }
}

/// The journal, read by a bookkeeping program that is not ours.
@Suite struct JournalTests {
    private static let hledger = "/usr/bin/hledger"
    private static let bank = AccountKind("bank")
    private static let issue = AccountKind("coin issue", .coin)
    private static let funds = AccountKind("funds", floor: 0)
    private static let coins = AccountKind("coins", .coin, floor: 0)
    // 23:30 on 21 September 2026 in London, where the clocks are an hour ahead of UTC.
    private static let evening = Instant(milliseconds: 1_790_029_800_000)

    @Test func `an entry is spelt with both its days, its key and exact amounts`() throws {
        let database = try TestStore.fresh(time: StandingClock(Self.evening).source)
        let journal = try database.write { change in
            let bank = try Ledger.account(Self.bank, in: change)
            let funds = try Ledger.account(Self.funds, of: 7, in: change)
            _ = try Ledger.post(
                EntryRequest(
                    kind: "top up; twice",
                    key: "a\nb  c",
                    reference: 12,
                    effectiveAt: Self.evening.adding(minutes: -1440),
                    legs: [Leg(account: bank, amount: -5), Leg(account: funds, amount: 5)]
                ),
                in: change
            )
            return try Ledger.journal(in: change.snapshot, zone: try London.zone())
        }
        #expect(
            journal == """
                commodity GBP 1000.00
                commodity COIN 1000.
                account bank:0
                account funds:7

                2026-09-20=2026-09-21 * (1) top-up--twice
                    ; key:a-b--c
                    ; reference:12
                    bank:0  GBP -0.05
                    funds:7  GBP 0.05

                """
        )
    }

    @Test(
        .enabled(if: FileManager.default.isExecutableFile(atPath: hledger)),
        arguments: [1, 2, 3] as [UInt64]
    )
    func `hledger finds nothing amiss, and the same balances`(seed: UInt64) throws {
        let random = RandomSource.seeded(seed)
        let database = try TestStore.fresh()
        for step in 0..<200 {
            let owner = Int64(random.number(below: 5))
            let isCoin = random.number(below: 3) == 0
            let amount = Int64(random.number(below: 30_000)) + 1
            do {
                try database.write { change in
                    if step > 0, random.number(below: 6) == 0 {
                        let original = Int64(random.number(below: step)) + 1
                        _ = try Ledger.reverse(original, key: "undo \(step)", in: change)
                        return
                    }
                    let from = try Ledger.account(isCoin ? Self.issue : Self.bank, in: change)
                    let kind = isCoin ? Self.coins : Self.funds
                    let to = try Ledger.account(kind, of: owner, in: change)
                    let sign: Int64 = random.number(below: 4) == 0 ? -1 : 1
                    _ = try Ledger.post(
                        EntryRequest(
                            kind: "move",
                            key: "move \(step)",
                            effectiveAt: change.now.adding(
                                minutes: -Int64(random.number(below: 90_000))
                            ),
                            legs: [
                                Leg(account: from, amount: -amount * sign),
                                Leg(account: to, amount: amount * sign),
                            ]
                        ),
                        in: change
                    )
                }
            } catch is LedgerRefusal {
                continue
            }
        }
        let (journal, accounts) = try database.read { data in
            (
                try Ledger.journal(in: data, zone: try London.zone()),
                try Ledger.balances(in: data)
            )
        }
        let folder = try TestFolder()
        let file = folder.path + "/ledger.journal"
        try journal.write(toFile: file, atomically: true, encoding: .utf8)
        #expect(try run(["check", "--strict", "-f", file]).ending == .exited(0))
        let found = try run(["balance", "-f", file, "--flat", "--empty", "-N", "-O", "csv"]).output
        let ours = accounts.map { account in
            let amount = Journal.amount(account.balance, account.currency)
            let shown = account.balance == 0 ? "0" : "\(account.currency.rawValue) \(amount)"
            return "\"\(Journal.name(account))\",\"\(shown)\""
        }
        let theirs = found.split(separator: "\n").dropFirst().map(String.init)
        #expect(accounts.contains { $0.balance != 0 })
        #expect(theirs.sorted() == ours.sorted())
    }

    private func run(_ arguments: [String]) throws -> ChildProcess.Run {
        try ChildProcess.run(Self.hledger, arguments, environment: ["LANG": "C.UTF-8"])
    }
}
