import Basics
import Identity
import Relationships
import Store
import Web

struct LoggingHandlers: Sendable {
    let database: Database
    let records: Records
    let zone: CivilZone

    func add(to routes: inout Routes) {
        routes.get("/bookings/{id}/care-log", for: .signedIn, show)
        routes.post("/bookings/{id}/care-log", for: .signedIn, submit)
    }

    private func show(_ request: Request, _ person: SignedIn) throws -> Answer {
        try database.read { data in
            let acting = person.acting
            let booking = try BookingStore.find(request.id(), for: acting, in: data)
            let log = try CareLogStore.find(booking: booking.id, for: acting, in: data)
            _ = try CareLogPolicy.mayLog(booking, acting)
            if let log, log.agreement.state != .pending || log.version.writtenBy != nil {
                return .seeOther("/care-logs/\(log.id)")
            }
            let form = Form([
                ("start", zone.time(of: booking.startsAt).description),
                ("end", zone.time(of: booking.endsAt).description),
                ("version", String(log?.agreement.version ?? 1)),
            ])
            return .page(try page(booking, acting, form, FormErrors(), data))
        }
    }

    private func submit(_ request: Request, _ person: SignedIn) throws -> Answer {
        try database.write { change in
            let acting = person.acting
            let form = request.form
            let booking = try BookingStore.find(request.id(), for: acting, in: change.snapshot)
            let permit = try CareLogPolicy.mayLog(booking, acting)
            let plan: Logging.Plan
            do throws(FormErrors) {
                plan = try LoggingForm(form: form).checked(
                    zone.day(of: booking.startsAt),
                    zone,
                    at: change.now
                )
            } catch {
                return .page(
                    try page(booking, acting, form, error, change.snapshot),
                    status: .unprocessable
                )
            }
            let before = try CareLogStore.find(
                booking: booking.id,
                for: acting,
                in: change.snapshot
            )
            // The same form pressed twice: what it says is there already.
            if let before, before.version.writtenBy == person.id,
                before.agreement.confirmed.contains(.giver),
                before.version.startedAt == plan.startedAt,
                before.version.endedAt == plan.endedAt
            {
                return .seeOther("/care-logs/\(before.id)")
            }
            let id = try Logging.log(
                permit,
                plan,
                version: Int(form["version"]) ?? 1,
                records,
                in: change
            )
            return .seeOther("/care-logs/\(id)", flash: "logging.done")
        }
    }

    private func page(
        _ booking: Booking,
        _ acting: Acting,
        _ form: Form,
        _ errors: FormErrors,
        _ data: borrowing Snapshot
    ) throws -> LoggingPage {
        let name = try records.name(of: booking.receiver, to: acting, in: data)
        return LoggingPage(
            booking: booking.id,
            receiver: name.full,
            first: name.preferred,
            day: zone.day(of: booking.startsAt),
            place: try Bookings.place(of: booking, to: acting, records, in: data),
            form: form,
            errors: errors
        )
    }
}
