import Basics
import Events
import Identity
import Ledger
import Store

/// Taking back what was recorded by mistake. Nothing is changed: the mistake and the entry that
/// takes it back both stand in the statement, and what really came in is recorded anew.
enum Correction {
    static func correct(
        _ permit: MayKeepFunds,
        _ receipt: Receipt,
        because why: String,
        once key: String,
        _ records: Records,
        in change: borrowing Change
    ) throws {
        if let reversal = receipt.reversal {
            // Pressed twice: it is taken back already.
            guard reversal.once == key else { throw LedgerRefusal.alreadyReversed }
            return
        }
        let entry = try Ledger.reverse(receipt.entry, key: "correction-\(key)", in: change)
        try ReceiptStore.insert(
            Receipt.Reversal(
                entry: entry.number,
                why: try records.seal(
                    why,
                    of: receipt.person,
                    at: .correctionReason(receipt.id),
                    in: change
                ),
                madeAt: change.now,
                once: key
            ),
            of: receipt.id,
            by: permit.keeper.id,
            in: change
        )
        try Audit.record(
            .adjusted,
            .money,
            reference: entry.number,
            about: receipt.person,
            by: permit.keeper.acting,
            because: .administers,
            in: change
        )
        try change.record(ReceiptCorrected(receipt: receipt.id, person: receipt.person))
    }
}
