import Basics
package import ProofLog
package import Store

extension Ledger {
    /// Proves that the ledger is whole, or names what is not: sums, numbers, times, balances,
    /// floors, reversals, and every entry against the proof log.
    package static func verify(in data: borrowing Snapshot) throws -> [ProofProblem] {
        var problems: [ProofProblem] = []
        var proof = try ProofCheck(of: log, in: data)
        var balances: [Account.ID: Int64] = [:]
        var lowest: [Account.ID: Int64] = [:]
        var next: Int64 = 1
        var recorded = Instant(milliseconds: .min)
        try LedgerStore.each(in: data) { entry in
            let name = "ledger_entry number \(entry.number)"
            if entry.number != next {
                problems.append(ProofProblem("\(name): the entry before it is missing"))
            }
            next = entry.number + 1
            if entry.recordedAt < recorded {
                problems.append(ProofProblem("\(name) was recorded before the entry before it"))
            }
            recorded = max(recorded, entry.recordedAt)
            if let original = entry.reverses,
                !isMirror(entry, of: try LedgerStore.entry(number: original, in: data))
            {
                problems.append(ProofProblem("\(name) is no mirror image of entry \(original)"))
            }
            try proof.add(entry.canonical, at: entry.number - 1, name, in: data)
            do throws(LedgerRefusal) {
                try EntryRequest(
                    kind: entry.kind,
                    key: entry.key,
                    effectiveAt: entry.effectiveAt,
                    legs: entry.legs
                ).check()
            } catch {
                problems.append(ProofProblem("\(name) does not hold: \(error)"))
            }
            for leg in entry.legs {
                balances[leg.account.id, default: 0] &+= leg.amount
            }
            for leg in entry.legs {
                let balance = balances[leg.account.id] ?? 0
                lowest[leg.account.id] = min(lowest[leg.account.id] ?? 0, balance)
            }
        }
        for account in try LedgerStore.accounts(in: data) {
            let name = "ledger_account \(account.kind) of \(account.owner)"
            let sum = balances[account.id] ?? 0
            if sum != account.balance {
                problems.append(
                    ProofProblem(
                        "\(name): its balance says \(account.balance), its legs sum to \(sum)"
                    )
                )
            }
            if let floor = account.floor, lowest[account.id] ?? 0 < min(floor, 0) {
                problems.append(ProofProblem("\(name) was below its floor"))
            }
        }
        let orphans: Int64? = try data.value(
            """
            SELECT count(*) FROM ledger_leg
            WHERE entry NOT IN (SELECT number FROM ledger_entry)
               OR account NOT IN (SELECT id FROM ledger_account)
            """
        )
        if let orphans, orphans > 0 {
            problems.append(ProofProblem("ledger_leg: \(orphans) stand without entry or account"))
        }
        return problems + (try proof.end(in: data))
    }

    private static func isMirror(_ reversal: Entry, of original: Entry?) -> Bool {
        guard let original, original.number < reversal.number else { return false }
        return reversal.legs.map(\.account.id) == original.legs.map(\.account.id)
            && zip(reversal.legs, original.legs).allSatisfy { $0.amount == 0 &- $1.amount }
    }
}
