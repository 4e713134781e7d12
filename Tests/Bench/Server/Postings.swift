import Basics
import Ledger
import Store

/// One posting: an entry of two legs between two of a thousand accounts, its balances, its floors
/// and its leaf in the proof log.
enum Postings {
    private static let care = AccountKind("bench.care")
    private static let accounts = 1000

    static func post(_ number: Int, in change: borrowing Change) throws {
        let from = Int64(number % accounts)
        let to = (from + 1 + Int64(number / accounts % (accounts - 1))) % Int64(accounts)
        let payer = try Ledger.account(care, of: from, in: change)
        let payee = try Ledger.account(care, of: to, in: change)
        let amount = Int64(number % 900 + 100)
        _ = try Ledger.post(
            EntryRequest(
                kind: "bench",
                key: "bench-\(number)",
                reference: Int64(number),
                effectiveAt: change.now,
                legs: [Leg(account: payer, amount: -amount), Leg(account: payee, amount: amount)]
            ),
            in: change
        )
    }
}
