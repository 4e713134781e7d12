package import Basics
import Identity
import Store
package import Templating
import Web

package struct CancellationPage: Page {
    package static let template = "bookings/cancellation.html"
    package static var example: CancellationPage {
        CancellationPage(
            id: Booking.ID(rawValue: 1),
            heading: "Morning visit",
            giver: "Ada",
            receiver: "Ben",
            day: CivilDay(dayNumber: 20_780),
            start: CivilTime(hour: 9, minute: 0) ?? .midnight
        )
    }

    let id: Booking.ID
    let heading: String
    let giver: String
    let receiver: String
    let day: CivilDay
    let start: CivilTime

    package var title: Phrase { Phrase("booking.cancellation.title") }

    package func record(_ words: Words) -> Record {
        [
            "id": .text(id.description),
            "heading": .text(heading),
            "giver": .text(giver),
            "receiver": .text(receiver),
            "day": .text(words.day(day)),
            "start": .text(words.time(start)),
        ]
    }
}

struct CancellationHandlers: Sendable {
    let database: Database
    let records: Records
    let zone: CivilZone

    func add(to routes: inout Routes) {
        routes.get("/bookings/{id}/cancellation", for: .signedIn, show)
        routes.post("/bookings/{id}/cancellation", for: .signedIn, submit)
    }

    private func show(_ request: Request, _ person: SignedIn) throws -> Answer {
        try database.read { data in
            let acting = person.acting
            let booking = try BookingStore.find(request.id(), for: acting, in: data)
            try Moving.check(booking)
            _ = try BookingPolicy.mayChange(booking, acting, in: data)
            let giver = try records.name(of: booking.giver, to: acting, in: data)
            let receiver = try records.name(of: booking.receiver, to: acting, in: data)
            return .page(
                CancellationPage(
                    id: booking.id,
                    heading: try Bookings.title(of: booking, to: acting, records, in: data),
                    giver: giver.preferred,
                    receiver: receiver.preferred,
                    day: zone.day(of: booking.startsAt),
                    start: zone.time(of: booking.startsAt)
                )
            )
        }
    }

    private func submit(_ request: Request, _ person: SignedIn) throws -> Answer {
        try database.write { change in
            let booking = try BookingStore.find(
                request.id(),
                for: person.acting,
                in: change.snapshot
            )
            try Moving.check(booking)
            let permit = try BookingPolicy.mayChange(
                booking,
                person.acting,
                in: change.snapshot
            )
            try Cancellation.cancel(permit, in: change)
            return .seeOther("/bookings/\(booking.id)", flash: "booking.cancelled")
        }
    }
}
