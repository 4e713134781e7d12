import Basics
import Identity
import Store
import Web

struct MakingHandlers: Sendable {
    let database: Database
    let records: Records
    let zone: CivilZone
    let random: RandomSource

    func add(to routes: inout Routes) {
        routes.get("/bookings/new", for: .signedIn, show)
        routes.post("/bookings", for: .signedIn, submit)
    }

    private func show(_ request: Request, _ person: SignedIn) throws -> Answer {
        try database.read { data in
            let form = Form([
                ("with", request.query["with"]), ("day", request.query["day"]),
                ("key", OneTimeKey.make(random)),
            ])
            return .page(
                MakingPage(
                    choices: try choices(person, data),
                    form: form,
                    errors: FormErrors()
                )
            )
        }
    }

    private func submit(_ request: Request, _ person: SignedIn) throws -> Answer {
        try database.write { change in
            let form = request.form
            let choices = try choices(person, change.snapshot)
            do {
                guard
                    let chosen = choices.first(where: {
                        $0.relationship.description == form["with"]
                    })
                else { throw FormErrors("with", Phrase("booking.form.with-missing")) }
                let relationship = try RelationshipStore.findCarer(
                    chosen.relationship,
                    in: change.snapshot
                )
                let permit = try BookingPolicy.mayBook(
                    giver: relationship.supporter,
                    receiver: relationship.supported,
                    person.acting,
                    in: change.snapshot
                )
                let plan = try MakingForm(form: form).checked(zone, at: change.now)
                let id = try Making.make(
                    permit,
                    plan,
                    once: try OneTimeKey.read(form),
                    records,
                    in: change
                )
                // What is over already was not planned but written down; the other still says so.
                let isOver = plan.slot.endsAt <= change.now
                return .seeOther(
                    "/bookings/\(id)",
                    flash: isOver ? "booking.made-late" : "booking.made"
                )
            } catch let errors as FormErrors {
                return .page(
                    MakingPage(choices: choices, form: form, errors: errors),
                    status: .unprocessable
                )
            }
        }
    }

    /// With whom, and for whom: one's own relationships and those of people one arranges for.
    private func choices(
        _ person: SignedIn,
        _ data: borrowing Snapshot
    ) throws -> [MakingPage.Choice] {
        var choices: [MakingPage.Choice] = []
        let acting = person.acting
        for relationship in try RelationshipStore.all(for: acting, in: data)
        where relationship.kind == .carer && relationship.state == .accepted {
            let other = relationship.other(than: person.id)
            let name = try records.name(of: other, to: acting, in: data)
            let key = other == relationship.supporter ? "booking.form.with" : "booking.form.for"
            choices.append(
                MakingPage.Choice(
                    relationship: relationship.id,
                    label: Phrase(key, ["name": .text(name.full)])
                )
            )
        }
        for supported in try RelationshipStore.arrangedFor(by: person.id, in: data) {
            let receiver = try records.name(of: supported, to: acting, in: data)
            for relationship in try RelationshipStore.carers(of: supported, in: data) {
                let giver = try records.name(of: relationship.supporter, to: acting, in: data)
                choices.append(
                    MakingPage.Choice(
                        relationship: relationship.id,
                        label: Phrase(
                            "booking.form.between",
                            ["giver": .text(giver.full), "receiver": .text(receiver.full)]
                        )
                    )
                )
            }
        }
        return choices
    }
}
