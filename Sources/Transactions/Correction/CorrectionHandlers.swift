import Basics
import Identity
import Ledger
import Relationships
import Store
import Web

struct CorrectionHandlers: Sendable {
    let database: Database
    let records: Records
    let hats: HatAccess
    let random: RandomSource

    func add(to routes: inout Routes) {
        routes.get("/receipts/{id}/correction", for: hats.admin, ask)
        routes.post("/receipts/{id}/correction", for: hats.admin, correct)
    }

    private func ask(_ request: Request, _ hat: AdminHat) throws -> Answer {
        try database.read { data in
            let (receipt, permit) = try found(request, hat, data)
            guard receipt.reversal == nil else { return .seeOther("/receipts/\(receipt.id)") }
            let form = Form([("key", OneTimeKey.make(random))])
            return .page(try page(receipt, permit, form, FormErrors(), data))
        }
    }

    private func correct(_ request: Request, _ hat: AdminHat) throws -> Answer {
        try database.write { change in
            let (receipt, permit) = try found(request, hat, change.snapshot)
            let form = request.form
            let key = try OneTimeKey.read(form)
            do {
                let why = try CorrectionForm(form: form).checked()
                try Correction.correct(
                    permit,
                    receipt,
                    because: why,
                    once: key,
                    records,
                    in: change
                )
                return .seeOther("/receipts/\(receipt.id)", flash: "correction.done")
            } catch let errors as FormErrors {
                return .page(
                    try page(receipt, permit, form, errors, change.snapshot),
                    status: .unprocessable
                )
            }
        }
    }

    private func found(
        _ request: Request,
        _ hat: AdminHat,
        _ data: borrowing Snapshot
    ) throws -> (Receipt, MayKeepFunds) {
        guard let receipt = try ReceiptStore.find(request.id(), in: data) else { throw NotThere() }
        return (receipt, try FundsPolicy.mayKeep(receipt.person, hat.person, in: data))
    }

    private func page(
        _ receipt: Receipt,
        _ permit: MayKeepFunds,
        _ form: Form,
        _ errors: FormErrors,
        _ data: borrowing Snapshot
    ) throws -> CorrectionPage {
        let acting = permit.keeper.acting
        let disclosure = try records.disclose(
            .money,
            of: receipt.person,
            reference: receipt.entry,
            to: acting,
            in: data
        )
        let balance = try Ledger.balance(Funds.funds, of: receipt.person.rawValue, in: data)
        return CorrectionPage(
            id: receipt.id,
            name: try records.name(of: receipt.person, to: acting, in: data).full,
            amount: receipt.amount,
            receivedOn: receipt.receivedOn,
            bankText: try records.open(
                receipt.bankText,
                at: .bankText(receipt.id),
                under: disclosure,
                in: data
            ),
            left: try balance.subtracting(receipt.amount),
            form: form,
            errors: errors
        )
    }
}
