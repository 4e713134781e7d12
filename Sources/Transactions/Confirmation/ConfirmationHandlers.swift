import Basics
import Identity
import Store
import Web

/// Confirming a visit, or saying how long it really was.
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
            let log = try CareLogStore.find(request.id(), for: person.acting, in: data)
            let side = try CareLogPolicy.mayAnswer(log, person.acting, in: data).side
            guard log.waitsFor.contains(side) else { return .seeOther("/care-logs/\(log.id)") }
            return .page(try page(log, side, person.acting, nil, FormErrors(), data))
        }
    }

    private func confirm(_ request: Request, _ person: SignedIn) throws -> Answer {
        try database.write { change in
            let permit = try permit(request, person, change.snapshot)
            try CareLogs.confirm(permit, version: try version(request), in: change)
            return .seeOther("/care-logs/\(permit.careLog.id)", flash: "confirmation.done")
        }
    }

    private func adjust(_ request: Request, _ person: SignedIn) throws -> Answer {
        try database.write { change in
            let permit = try permit(request, person, change.snapshot)
            let log = permit.careLog
            var errors = FormErrors()
            let times = VisitTimes.read(
                request.form,
                zone.day(of: log.version.startedAt),
                zone,
                at: change.now,
                &errors
            )
            guard let times else {
                return .page(
                    try page(
                        log,
                        permit.side,
                        person.acting,
                        request.form,
                        errors,
                        change.snapshot
                    ),
                    status: .unprocessable
                )
            }
            let isSame =
                times.started == log.version.startedAt
                && times.ended == log.version.endedAt
            let shown = try version(request)
            if isSame {
                // Nothing was changed, so this is a plain confirmation.
                try CareLogs.confirm(permit, version: shown, in: change)
            } else {
                try CareLogs.adjust(
                    permit,
                    version: shown,
                    change,
                    to: (times.started, times.ended, log.version.tasks, log.version.note)
                )
            }
            let flash = isSame ? "confirmation.done" : "adjustment.done"
            return .seeOther("/care-logs/\(log.id)", flash: flash)
        }
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

    private func page(
        _ log: CareLog,
        _ side: Agreement.Side,
        _ acting: Acting,
        _ form: Form?,
        _ errors: FormErrors,
        _ data: borrowing Snapshot
    ) throws -> ConfirmationPage {
        let start = zone.time(of: log.version.startedAt)
        let end = zone.time(of: log.version.endedAt)
        let reading = CareLogReading(records: records, zone: zone)
        return ConfirmationPage(
            id: log.id,
            version: log.agreement.version,
            giver: try records.name(of: log.giver, to: acting, in: data).preferred,
            receiver: try records.name(of: log.receiver, to: acting, in: data).preferred,
            isReceiver: side == .receiver,
            day: zone.day(of: log.version.startedAt),
            start: start,
            end: end,
            minutes: log.minutes,
            tasks: log.version.tasks,
            note: try reading.note(of: log, to: acting, in: data),
            amount: try log.amount(),
            form: form
                ?? Form([("start", start.description), ("end", end.description)]),
            errors: errors
        )
    }
}
