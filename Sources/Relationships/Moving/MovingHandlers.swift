import Basics
package import Identity
package import Store
package import Web

package struct MovingHandlers: Sendable {
    let database: Database
    let records: Records
    let zone: CivilZone

    func add(to routes: inout Routes) {
        routes.get("/bookings/{id}/moving", for: .signedIn) { request, person in
            try database.read { data in
                let id = try request.id(of: Booking.self)
                return try show(id, person.acting, frame: own(id), in: data)
            }
        }
        routes.post("/bookings/{id}/moving", for: .signedIn) { request, person in
            try database.write { change in
                let id = try request.id(of: Booking.self)
                return try submit(id, request.form, person.acting, frame: own(id), in: change)
            }
        }
    }

    private func own(_ id: Booking.ID) -> MovingFrame {
        MovingFrame(action: "/bookings/\(id)/moving", back: "/bookings/\(id)", banner: nil)
    }

    package func show(
        _ id: Booking.ID,
        _ acting: Acting,
        frame: MovingFrame,
        in data: borrowing Snapshot
    ) throws -> Answer {
        let booking = try BookingStore.find(id, for: acting, in: data)
        try Moving.check(booking)
        _ = try BookingPolicy.mayChange(booking, acting, in: data)
        let form = Form([
            ("day", zone.day(of: booking.startsAt).description),
            ("start", zone.time(of: booking.startsAt).description),
            ("end", zone.time(of: booking.endsAt).description),
        ])
        return .page(try page(booking, acting, frame, form, FormErrors(), data))
    }

    package func submit(
        _ id: Booking.ID,
        _ form: Form,
        _ acting: Acting,
        frame: MovingFrame,
        in change: borrowing Change
    ) throws -> Answer {
        let booking = try BookingStore.find(id, for: acting, in: change.snapshot)
        try Moving.check(booking)
        let permit = try BookingPolicy.mayChange(booking, acting, in: change.snapshot)
        var errors = FormErrors()
        do {
            guard let slot = Slot.read(form, zone, at: change.now, &errors) else { throw errors }
            let isMoved = try Moving.move(permit, to: slot, in: change)
            return .seeOther(frame.back, flash: isMoved ? "booking.moved" : "booking.unmoved")
        } catch let errors as FormErrors {
            return .page(
                try page(booking, acting, frame, form, errors, change.snapshot),
                status: .unprocessable
            )
        }
    }

    private func page(
        _ booking: Booking,
        _ acting: Acting,
        _ frame: MovingFrame,
        _ form: Form,
        _ errors: FormErrors,
        _ data: borrowing Snapshot
    ) throws -> MovingPage {
        MovingPage(
            heading: try Bookings.title(of: booking, to: acting, records, in: data),
            day: zone.day(of: booking.startsAt),
            start: zone.time(of: booking.startsAt),
            end: zone.time(of: booking.endsAt),
            frame: frame,
            form: form,
            errors: errors
        )
    }
}
