import Basics
import Ledger
import ProofLog
import Store

extension Receipts {
    /// Proves that each receipt has the entry that put its sum into the account, and each
    /// correction the entry that took it out again; or names what has not.
    static func verify(in data: borrowing Snapshot) throws -> [ProofProblem] {
        var problems: [ProofProblem] = []
        for receipt in try ReceiptStore.all(in: data) {
            let name = "transactions_receipt \(receipt.id)"
            let entry = try Ledger.entry(number: receipt.entry, in: data)
            if entry.map({ isOf(receipt, $0) }) != true {
                problems.append(ProofProblem("\(name) is not what its entry in the ledger says"))
            }
            guard let reversal = receipt.reversal else { continue }
            if try Ledger.entry(number: reversal.entry, in: data)?.reverses != receipt.entry {
                problems.append(
                    ProofProblem("transactions_correction of \(receipt.id) takes nothing back")
                )
            }
        }
        return problems
    }

    private static func isOf(_ receipt: Receipt, _ entry: Entry) -> Bool {
        entry.kind == Funds.paidIn && entry.reference == receipt.person.rawValue
            && entry.legs.map(\.amount) == [-receipt.pence, receipt.pence]
            && entry.legs.map(\.account.kind) == [Funds.bank.name, Funds.funds.name]
            && entry.legs.map(\.account.owner) == [0, receipt.person.rawValue]
    }
}
