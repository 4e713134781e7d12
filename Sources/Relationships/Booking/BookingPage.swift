package import Basics
package import Templating
import Web

package struct BookingPage: Page {
    package static let template = "bookings/show.html"
    package static var example: BookingPage {
        BookingPage(
            id: Booking.ID(rawValue: 1),
            heading: "Morning visit",
            place: "At home",
            giver: "Ada Whitaker",
            receiver: "Ben Okafor",
            day: CivilDay(dayNumber: 20_780),
            start: CivilTime(hour: 9, minute: 0) ?? .midnight,
            end: CivilTime(hour: 10, minute: 0) ?? .midnight,
            state: .booked,
            canLog: true
        )
    }

    let id: Booking.ID
    let heading: String
    let place: String
    let giver: String
    let receiver: String
    let day: CivilDay
    let start: CivilTime
    let end: CivilTime
    let state: Booking.State
    /// The reader gives this visit, it has begun, and what happened may be written down.
    let canLog: Bool

    package var title: Phrase { Phrase("booking.title") }

    package func record(_ words: Words) -> Record {
        [
            "id": .text(id.description),
            "heading": .text(heading),
            "place": .text(place),
            "giver": .text(giver),
            "receiver": .text(receiver),
            "day": .text(words.fullDay(day)),
            "start": .text(words.time(start)),
            "end": .text(words.time(end)),
            "isBooked": .bool(state == .booked),
            "isCancelled": .bool(state == .cancelled),
            "canLog": .bool(canLog && state != .cancelled),
        ]
    }
}
