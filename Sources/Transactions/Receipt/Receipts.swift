package import Basics
import Events
package import Identity
import Ledger
package import Store
import Web

/// Writing down money that came in (ACC-01, J14).
package enum Receipts {
    /// What came in, checked.
    struct Plan: Sendable {
        let amount: Money
        let day: CivilDay
        /// When that day began, for the ledger.
        let receivedAt: Instant
        let bankText: String
        /// The same sum on the same day is no slip: it came twice.
        let isAnother: Bool
    }

    static func record(
        _ permit: MayKeepFunds,
        _ plan: Plan,
        once key: String,
        _ records: Records,
        in change: borrowing Change
    ) throws -> Receipt.ID {
        if let made = try ReceiptStore.made(once: key, in: change.snapshot) {
            guard try isSame(made, permit, plan, records, in: change.snapshot) else {
                throw ReceiptRefusal.otherwiseSent
            }
            return made.id
        }
        let isTwin = try ReceiptStore.stands(
            plan.amount,
            on: plan.day,
            of: permit.person,
            in: change.snapshot
        )
        guard plan.isAnother || !isTwin else {
            throw FormErrors("again", Phrase("receipt.form.twin"))
        }
        let entry = try Funds.add(
            plan.amount,
            for: permit.person,
            once: key,
            receivedAt: plan.receivedAt,
            by: permit.keeper.acting,
            in: change
        )
        let id = change.newID(Receipt.self)
        try ReceiptStore.insert(
            Receipt(
                id: id,
                person: permit.person,
                entry: entry.number,
                pence: plan.amount.minor,
                receivedOn: plan.day,
                bankText: try records.seal(
                    plan.bankText,
                    of: permit.person,
                    at: .bankText(id),
                    in: change
                ),
                recordedBy: permit.keeper.id,
                recordedAt: change.now,
                reversal: nil
            ),
            once: key,
            in: change
        )
        try change.record(MoneyReceived(receipt: id, person: permit.person))
        return id
    }

    /// How much a receipt of this person's was about; nil for anyone else's.
    package static func amount(
        of id: Receipt.ID,
        for person: Person.ID,
        in data: borrowing Snapshot
    ) throws -> Money? {
        let receipt = try ReceiptStore.find(id, in: data)
        return receipt?.person == person ? receipt?.amount : nil
    }

    /// Whether an earlier press of the button recorded just this.
    private static func isSame(
        _ made: Receipt,
        _ permit: MayKeepFunds,
        _ plan: Plan,
        _ records: Records,
        in data: borrowing Snapshot
    ) throws -> Bool {
        guard made.person == permit.person, made.amount == plan.amount,
            made.receivedOn == plan.day
        else { return false }
        let disclosure = try records.disclose(
            .money,
            of: made.person,
            reference: made.entry,
            to: permit.keeper.acting,
            in: data
        )
        return try records.open(made.bankText, at: .bankText(made.id), under: disclosure, in: data)
            == plan.bankText
    }
}
