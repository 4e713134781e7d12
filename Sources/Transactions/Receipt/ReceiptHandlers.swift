import Basics
import Identity
import Ledger
import Relationships
import Store
import Web

/// Recording money that came in, and what was recorded.
struct ReceiptHandlers: Sendable {
    let database: Database
    let records: Records
    let hats: HatAccess
    let zone: CivilZone
    let random: RandomSource

    func add(to routes: inout Routes) {
        routes.get("/funds/{id}/receipt", for: hats.admin, ask)
        routes.post("/funds/{id}/receipt", for: hats.admin, record)
        routes.get("/receipts/{id}", for: .signedIn, show)
    }

    private func ask(_ request: Request, _ hat: AdminHat) throws -> Answer {
        try database.read { data in
            let permit = try FundsPolicy.mayKeep(request.id(), hat.person, in: data)
            let form = Form([("key", OneTimeKey.make(random))])
            return .page(try page(permit, form, FormErrors(), data))
        }
    }

    private func record(_ request: Request, _ hat: AdminHat) throws -> Answer {
        try database.write { change in
            let permit = try FundsPolicy.mayKeep(request.id(), hat.person, in: change.snapshot)
            let form = request.form
            let key = try OneTimeKey.read(form)
            do {
                let plan = try ReceiptForm(form: form).checked(zone, at: change.now)
                let id = try Receipts.record(permit, plan, once: key, records, in: change)
                return .seeOther("/receipts/\(id)", flash: "receipt.done")
            } catch let errors as FormErrors {
                return .page(
                    try page(permit, form, errors, change.snapshot),
                    status: .unprocessable
                )
            }
        }
    }

    private func page(
        _ permit: MayKeepFunds,
        _ form: Form,
        _ errors: FormErrors,
        _ data: borrowing Snapshot
    ) throws -> ReceiptAskingPage {
        ReceiptAskingPage(
            person: permit.person,
            name: try records.name(of: permit.person, to: permit.keeper.acting, in: data).full,
            form: form,
            errors: errors
        )
    }

    /// For the person, for who arranges for them, and for whoever administers. For anyone else it
    /// is not there.
    private func show(_ request: Request, _ person: SignedIn) throws -> Answer {
        try database.read { data in
            guard let receipt = try ReceiptStore.find(request.id(), in: data) else {
                throw NotThere()
            }
            let acting = person.acting
            let disclosure = try records.disclose(
                .money,
                of: receipt.person,
                reference: receipt.entry,
                to: acting,
                in: data
            )
            let keeps = try Hats.of(person.id, in: data).contains(.admin)
            return .page(
                ReceiptPage(
                    id: receipt.id,
                    person: receipt.person,
                    name: try records.name(of: receipt.person, to: acting, in: data).full,
                    isOwn: receipt.person == person.id,
                    amount: receipt.amount,
                    receivedOn: receipt.receivedOn,
                    bankText: try records.open(
                        receipt.bankText,
                        at: .bankText(receipt.id),
                        under: disclosure,
                        in: data
                    ),
                    entry: receipt.entry,
                    recordedOn: zone.day(of: receipt.recordedAt),
                    recordedAt: zone.time(of: receipt.recordedAt),
                    recorder: keeps
                        ? try records.nameIfKnown(of: receipt.recordedBy, to: acting, in: data)?
                            .full : nil,
                    keeps: keeps,
                    reversal: try receipt.reversal.map { reversal in
                        ReceiptPage.Reversal(
                            entry: reversal.entry,
                            day: zone.day(of: reversal.madeAt),
                            why: try records.open(
                                reversal.why,
                                at: .correctionReason(receipt.id),
                                under: disclosure,
                                in: data
                            )
                        )
                    }
                )
            )
        }
    }
}
