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
            try Guidance.ask(
                hat,
                toHelp: giver,
                with: .moveBooking,
                forMinutes: minutes,
                in: change
            )
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
            let name = try records.name(of: grant.giver, to: hat.person.acting, in: data)
            lines.append(
                HelpingPage.Line(
                    name: name.full,
                    task: grant.task,
                    state: grant.statePhrase(at: now, zone),
                    path: grant.isOpen(at: now) ? "/helping/\(grant.id)/bookings" : nil
                )
            )
        }
        return HelpingPage(lines: lines, form: form, errors: errors)
    }
}

extension Grant {
    func statePhrase(at now: Instant, _ zone: CivilZone) -> Phrase {
        if isOpen(at: now), let endsAt {
            return Phrase("guidance.state.active", ["time": .time(zone.time(of: endsAt))])
        }
        switch state {
        case .asked: return Phrase("guidance.state.asked")
        case .declined: return Phrase("guidance.state.declined")
        case .active, .stopped: return Phrase("guidance.state.over")
        }
    }
}
