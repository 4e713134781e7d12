import Basics
import Identity
import Relationships
import Store
import Web

/// Asking to help, and the list of whom one may help.
struct HelpingHandlers: Sendable {
    let database: Database
    let records: Records
    let hats: HatAccess
    let time: TimeSource
    let zone: CivilZone

    func add(to routes: inout Routes) {
        routes.get("/helping", for: hats.facilitator, show)
        routes.post("/helping", for: hats.facilitator, submit)
    }

    private func show(_: Request, _ hat: FacilitatorHat) throws -> Answer {
        try database.read { data in
            .page(try page(hat, Form([("minutes", "30")]), FormErrors(), data))
        }
    }

    private func submit(_ request: Request, _ hat: FacilitatorHat) throws -> Answer {
        try database.write { change in
            let form = request.form
            var errors = FormErrors()
            if form["name"].isEmpty { errors.add("name", Phrase("guidance.form.name-missing")) }
            let minutes = Int64(form["minutes"])
            if minutes.map(HelpingPage.lengths.contains) != true {
                errors.add("minutes", Phrase("guidance.form.minutes-missing"))
            }
            let giver = try records.find(named: form["name"], in: change.snapshot)
            if giver == nil || giver == hat.person.id {
                errors.add("name", Phrase("guidance.form.unknown"))
            }
            guard errors.isEmpty, let giver, let minutes else {
                return .page(
                    try page(hat, form, errors, change.snapshot),
                    status: .unprocessable
                )
            }
            do {
                try Guidance.ask(
                    hat,
                    toHelp: giver,
                    with: .moveBooking,
                    forMinutes: minutes,
                    in: change
                )
            } catch GrantRefusal.alreadyAsked {
                let errors = FormErrors("name", Phrase("guidance.form.already-asked"))
                return .page(
                    try page(hat, form, errors, change.snapshot),
                    status: .unprocessable
                )
            }
            return .seeOther("/helping", flash: "guidance.asked")
        }
    }

    private func page(
        _ hat: FacilitatorHat,
        _ form: Form,
        _ errors: FormErrors,
        _ data: borrowing Snapshot
    ) throws -> HelpingPage {
        let now = time.now()
        var lines: [HelpingPage.Line] = []
        for grant in try Grants.held(by: hat.person, in: data) {
            let acting = hat.person.acting
            let name = try records.nameIfKnown(of: grant.giver, to: acting, in: data)
            lines.append(
                HelpingPage.Line(
                    id: grant.id,
                    name: name?.full,
                    day: zone.day(of: grant.askedAt),
                    time: zone.time(of: grant.askedAt),
                    task: grant.task,
                    state: grant.statePhrase(for: hat.person.id, at: now, zone),
                    isAsked: grant.state == .asked,
                    path: grant.isOpen(at: now) ? "/helping/\(grant.id)/bookings" : nil
                )
            )
        }
        return HelpingPage(lines: lines, form: form, errors: errors)
    }
}
