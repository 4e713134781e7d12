package import Basics
package import Templating
import Web

package struct BookingPage: Page {
    /// How the booking stands at this hour.
    enum State: Sendable {
        case comes
        case isNow
        case isOver
        case isCancelled

        init(_ booking: Booking, at now: Instant) {
            switch booking.state {
            case .cancelled: self = .isCancelled
            case .ended: self = .isOver
            case .booked:
                self =
                    now < booking.startsAt ? .comes : now < booking.endsAt ? .isNow : .isOver
            }
        }

        var tag: (kind: String, phrase: Phrase) {
            switch self {
            case .comes: ("go", Phrase("booking.state.booked"))
            case .isNow: ("go", Phrase("booking.state.now"))
            case .isOver: ("go", Phrase("booking.state.ended"))
            case .isCancelled: ("stop", Phrase("booking.state.cancelled"))
            }
        }
    }

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
            state: .comes,
            canLog: true,
            hasLog: true,
            canChange: true
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
    let state: State
    /// The reader gives this visit, it has begun, and what happened may be written down.
    let canLog: Bool
    /// Its time is over or it has been written down: there is more about it than what was booked.
    let hasLog: Bool
    let canChange: Bool

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
            "tag": .text(state.tag.kind),
            "state": .text(words(state.tag.phrase)),
            "hasLog": .bool(hasLog),
            "canLog": .bool(canLog),
            "canChange": .bool(canChange),
        ]
    }
}
