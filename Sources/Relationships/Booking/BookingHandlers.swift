import Basics
import Identity
import Store
import Web

struct BookingHandlers: Sendable {
    let database: Database
    let records: Records
    let time: TimeSource
    let zone: CivilZone

    func add(to routes: inout Routes) {
        routes.get("/bookings/{id}", for: .signedIn, show)
    }

    private func show(_ request: Request, _ person: SignedIn) throws -> Answer {
        try database.read { data in
            let acting = person.acting
            let booking = try BookingStore.find(request.id(), for: acting, in: data)
            _ = try records.disclose(
                .booking,
                of: booking.receiver,
                reference: booking.id.rawValue,
                to: acting,
                in: data
            )
            let now = time.now()
            let state = BookingPage.State(booking, at: now)
            let areTogether = try BookingPolicy.areTogether(booking, in: data)
            return .page(
                BookingPage(
                    id: booking.id,
                    heading: try Bookings.title(of: booking, to: acting, records, in: data),
                    place: try Bookings.place(of: booking, to: acting, records, in: data),
                    giver: try records.name(of: booking.giver, to: acting, in: data).full,
                    receiver: try records.name(of: booking.receiver, to: acting, in: data).full,
                    day: zone.day(of: booking.startsAt),
                    start: zone.time(of: booking.startsAt),
                    end: zone.time(of: booking.endsAt),
                    state: state,
                    canLog: booking.giver == person.id && booking.startsAt <= now
                        && booking.state == .booked,
                    hasLog: booking.state == .ended,
                    canChange: booking.state == .booked && areTogether
                )
            )
        }
    }
}
