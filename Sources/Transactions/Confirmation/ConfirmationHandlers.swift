import Basics
import Identity
import Store
import Web

/// Confirming a visit, or saying how it was instead.
struct ConfirmationHandlers: Sendable {
    let database: Database
    let records: Records
    let zone: CivilZone

    func add(to routes: inout Routes) {
        routes.get("/care-logs/{id}/confirmation", for: .signedIn, show)
        routes.post("/care-logs/{id}/confirmation", for: .signedIn, confirm)
        routes.post("/care-logs/{id}/adjustment", for: .signedIn, adjust)
    }

    private func show(_ request: Request, _ person: SignedIn) throws -> Answer {
        try database.read { data in
            let acting = person.acting
            let log = try CareLogStore.find(request.id(), for: acting, in: data)
            let reading = CareLogReading(records: records, zone: zone)
            guard try reading.canAnswer(log, acting, in: data) else {
                return .seeOther("/care-logs/\(log.id)")
            }
            return .page(try page(log, acting, nil, FormErrors(), data))
        }
    }

    private func confirm(_ request: Request, _ person: SignedIn) throws -> Answer {
        try database.write { change in
            let permit = try permit(request, person, change.snapshot)
            do {
                try CareLogs.confirm(permit, version: try version(request), in: change)
            } catch let refusal as AgreementRefusal {
                return try refused(permit.careLog, refusal, person, change.snapshot)
            }
            return .seeOther("/care-logs/\(permit.careLog.id)", flash: "confirmation.done")
        }
    }

    private func adjust(_ request: Request, _ person: SignedIn) throws -> Answer {
        try database.write { change in
            let permit = try permit(request, person, change.snapshot)
            let log = permit.careLog
            let shown = try version(request)
            let form = AdjustmentForm(form: request.form)
            do {
                let said = try form.checked(log.version, zone, at: change.now)
                if said.isSame(as: log.version) {
                    guard log.agreement.confirmed.contains(permit.side) else {
                        throw form.unchanged
                    }
                    // The same form pressed twice: what it says is there already.
                    return .seeOther("/care-logs/\(log.id)", flash: "adjustment.done")
                }
                try CareLogs.adjust(
                    permit,
                    version: shown,
                    to: CareLogs.Adjustment(
                        startedAt: said.startedAt,
                        endedAt: said.endedAt,
                        happened: said.happened,
                        tasks: log.version.tasks,
                        note: log.version.note,
                        why: try seal(said.why, log, in: change)
                    ),
                    in: change
                )
                return .seeOther("/care-logs/\(log.id)", flash: "adjustment.done")
            } catch let errors as FormErrors {
                return .page(
                    try page(log, person.acting, request.form, errors, change.snapshot),
                    status: .unprocessable
                )
            } catch let refusal as AgreementRefusal {
                return try refused(log, refusal, person, change.snapshot)
            }
        }
    }

    private func seal(
        _ why: String,
        _ log: CareLog,
        in change: borrowing Change
    ) throws -> Sealed? {
        guard !why.isEmpty else { return nil }
        return try records.seal(
            why,
            of: log.receiver,
            at: .careReason(log.id, version: log.agreement.version + 1),
            in: change
        )
    }

    private func permit(
        _ request: Request,
        _ person: SignedIn,
        _ data: borrowing Snapshot
    ) throws -> MayAnswer {
        let log = try CareLogStore.find(request.id(), for: person.acting, in: data)
        return try CareLogPolicy.mayAnswer(log, person.acting, in: data)
    }

    /// The version that was on the page: what was not seen cannot be agreed to.
    private func version(_ request: Request) throws -> Int {
        guard let version = Int(request.form["version"]) else { throw NotThere() }
        return version
    }

    /// The visit as it is by now, under the word of what came between.
    private func refused(
        _ log: CareLog,
        _ refusal: AgreementRefusal,
        _ person: SignedIn,
        _ data: borrowing Snapshot
    ) throws -> Answer {
        let logs = CareLogHandlers(database: database, records: records, zone: zone)
        return .page(
            try logs.page(log, person.acting, problem: refusal.phrase, in: data),
            status: .conflict
        )
    }

    private func page(
        _ log: CareLog,
        _ acting: Acting,
        _ form: Form?,
        _ errors: FormErrors,
        _ data: borrowing Snapshot
    ) throws -> ConfirmationPage {
        let reading = CareLogReading(records: records, zone: zone)
        let lines = try reading.lines(of: log, to: acting, in: data)
        guard let current = lines.last else { throw NotThere() }
        let times = [("start", current.start.description), ("end", current.end.description)]
        return ConfirmationPage(
            id: log.id,
            booking: log.booking,
            version: log.agreement.version,
            giver: try reading.who(log.giver, acting, data),
            receiver: try reading.who(log.receiver, acting, data),
            day: zone.day(of: log.version.startedAt),
            current: current,
            before: lines.dropLast().last,
            tasks: log.version.tasks,
            note: try reading.note(of: log, to: acting, in: data),
            amount: try log.amount(),
            rate: log.rate,
            mayAdjust: try CareLogPolicy.mayAnswer(log, acting, in: data).mayAdjust,
            form: form ?? Form(times),
            errors: errors
        )
    }
}
