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
            other: "Ada",
            day: CivilDay(dayNumber: 20_780),
            start: CivilTime(hour: 9, minute: 0) ?? .midnight
        )
    }

    let id: Booking.ID
    let heading: String
    let other: String
    let day: CivilDay
    let start: CivilTime

    package var title: Phrase { Phrase("booking.cancellation.title") }

    package func record(_ words: Words) -> Record {
        [
            "id": .text(id.description),
            "heading": .text(heading),
            "other": .text(other),
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
            let other = booking.other(than: person.id)
            return .page(
                CancellationPage(
                    id: booking.id,
                    heading: try Bookings.title(of: booking, to: acting, records, in: data),
                    other: try records.name(of: other, to: acting, in: data).preferred,
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
