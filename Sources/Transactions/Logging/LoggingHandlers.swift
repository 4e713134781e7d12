import Basics
import Identity
import Relationships
import Store
import Web

struct LoggingHandlers: Sendable {
    let database: Database
    let records: Records
    let time: TimeSource
    let zone: CivilZone

    func add(to routes: inout Routes) {
        routes.get("/bookings/{id}/care-log", for: .signedIn, show)
        routes.post("/bookings/{id}/care-log", for: .signedIn, submit)
    }

    /// For who gives the visit, the form until both agree; for everyone else, and afterwards, the
    /// log that came of the booking.
    private func show(_ request: Request, _ person: SignedIn) throws -> Answer {
        try database.read { data in
            let acting = person.acting
            let booking = try BookingStore.find(request.id(), for: acting, in: data)
            let log = try CareLogStore.find(booking: booking.id, for: acting, in: data)
            if let log, booking.giver != person.id || log.agreement.state != .pending {
                return .seeOther("/care-logs/\(log.id)")
            }
            do {
                _ = try CareLogPolicy.mayLog(booking, acting, at: time.now(), in: data)
            } catch CareLogRefusal.notBegun {
                return .seeOther("/bookings/\(booking.id)", flash: "care-log.refusal.not-begun")
            } catch CareLogRefusal.noLongerTogether {
                return .seeOther(
                    log.map { "/care-logs/\($0.id)" } ?? "/bookings/\(booking.id)",
                    flash: "care-log.refusal.no-longer-together"
                )
            }
            let form = try self.form(booking, log, acting, data)
            return .page(try page(booking, log, acting, form, FormErrors(), data))
        }
    }

    private func submit(_ request: Request, _ person: SignedIn) throws -> Answer {
        try database.write { change in
            let acting = person.acting
            let form = request.form
            let booking = try BookingStore.find(request.id(), for: acting, in: change.snapshot)
            let permit = try CareLogPolicy.mayLog(
                booking,
                acting,
                at: change.now,
                in: change.snapshot
            )
            let before = try CareLogStore.find(
                booking: booking.id,
                for: acting,
                in: change.snapshot
            )
            let plan: Logging.Plan
            do throws(FormErrors) {
                let day = zone.day(of: booking.startsAt)
                plan = try LoggingForm(form: form).checked(
                    day,
                    zone,
                    overNight: zone.day(of: booking.endsAt) > day,
                    at: change.now
                )
            } catch {
                return .page(
                    try page(booking, before, acting, form, error, change.snapshot),
                    status: .unprocessable
                )
            }
            // The same form pressed twice: what it says is there already.
            if let before, try says(before, plan, acting, change.snapshot) {
                return .seeOther("/care-logs/\(before.id)", flash: "logging.done")
            }
            do {
                let id = try Logging.log(
                    permit,
                    plan,
                    version: Int(form["version"]) ?? 1,
                    records,
                    in: change
                )
                return .seeOther("/care-logs/\(id)", flash: "logging.done")
            } catch AgreementRefusal.changedMeanwhile {
                return .page(
                    try changed(booking, before, acting, form, change.snapshot),
                    status: .conflict
                )
            }
        }
    }

    /// Whether the giver has said all of this already.
    private func says(
        _ log: CareLog,
        _ plan: Logging.Plan,
        _ acting: Acting,
        _ data: borrowing Snapshot
    ) throws -> Bool {
        let version = log.version
        guard version.happened, log.agreement.confirmed.contains(.giver),
            version.startedAt == plan.startedAt, version.endedAt == plan.endedAt,
            version.tasks == plan.tasks
        else { return false }
        let reading = CareLogReading(records: records, zone: zone)
        return try reading.note(of: log, to: acting, in: data) ?? "" == plan.note
    }

    /// What was typed is kept, beside what the log says by now.
    private func changed(
        _ booking: Booking,
        _ log: CareLog?,
        _ acting: Acting,
        _ form: Form,
        _ data: borrowing Snapshot
    ) throws -> LoggingPage {
        var errors = FormErrors()
        if let version = log?.version {
            errors.add(
                "start",
                version.happened
                    ? Phrase(
                        "logging.changed-meanwhile",
                        [
                            "start": .time(zone.time(of: version.startedAt)),
                            "end": .time(zone.time(of: version.endedAt)),
                        ]
                    ) : Phrase("logging.missed-meanwhile")
            )
        }
        return try page(booking, log, acting, form, errors, data)
    }

    private func form(
        _ booking: Booking,
        _ log: CareLog?,
        _ acting: Acting,
        _ data: borrowing Snapshot
    ) throws -> Form {
        var fields = [
            ("start", zone.time(of: log?.version.startedAt ?? booking.startsAt).description),
            ("end", zone.time(of: log?.version.endedAt ?? booking.endsAt).description),
        ]
        if let log {
            fields += log.version.tasks.map { ("tasks", $0.rawValue) }
            let reading = CareLogReading(records: records, zone: zone)
            if let note = try reading.note(of: log, to: acting, in: data) {
                fields.append(("note", note))
            }
        }
        return Form(fields)
    }

    private func page(
        _ booking: Booking,
        _ log: CareLog?,
        _ acting: Acting,
        _ form: Form,
        _ errors: FormErrors,
        _ data: borrowing Snapshot
    ) throws -> LoggingPage {
        let name = try records.name(of: booking.receiver, to: acting, in: data)
        return LoggingPage(
            booking: booking.id,
            careLog: log.flatMap { $0.version.happened ? $0.id : nil },
            version: log?.agreement.version ?? 1,
            receiver: name.full,
            first: name.preferred,
            day: zone.day(of: booking.startsAt),
            place: try Bookings.place(of: booking, to: acting, records, in: data),
            form: form,
            errors: errors
        )
    }
}
