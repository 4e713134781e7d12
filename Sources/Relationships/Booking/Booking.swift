package import Basics
package import Events
package import Identity

/// A visit that was arranged between two people who know each other.
/// ```
/// BOOKED --moved--> BOOKED --its time is over--> ENDED
///       \--cancelled--> CANCELLED
/// ```
package struct Booking: Sendable {
    package typealias ID = Identifier<Booking>

    package enum State: String, Sendable, CaseIterable {
        case booked
        case cancelled
        case ended
    }

    package let id: ID
    package let relationship: Relationship.ID
    package let giver: Person.ID
    package let receiver: Person.ID
    package let title: Sealed
    package let place: Sealed
    package let startsAt: Instant
    package let endsAt: Instant
    package let state: State

    package func other(than person: Person.ID) -> Person.ID {
        person == giver ? receiver : giver
    }
}

/// From when to when a visit is booked.
package struct BookedTime: Codable, Hashable, Sendable {
    package let startsAt: Instant
    package let endsAt: Instant

    package init(startsAt: Instant, endsAt: Instant) {
        self.startsAt = startsAt
        self.endsAt = endsAt
    }
}

extension Booking {
    package var time: BookedTime { BookedTime(startsAt: startsAt, endsAt: endsAt) }
}

/// Something that one of the two did to their booking, and the other should hear of.
package protocol BookingFact: Event {
    var booking: Booking.ID { get }
    var giver: Person.ID { get }
    var receiver: Person.ID { get }
    var by: Person.ID { get }
    /// In whose place it was done, under a grant.
    var onBehalfOf: Person.ID? { get }
    /// From when to when, as it was when this happened.
    var time: BookedTime? { get }
    /// From when to when it was before, if that changed.
    var before: BookedTime? { get }
}

extension BookingFact {
    package var before: BookedTime? { nil }
}

package struct BookingMade: BookingFact {
    package static let name = "relationships.booking-made"
    package let booking: Booking.ID
    package let giver: Person.ID
    package let receiver: Person.ID
    package let by: Person.ID
    package var onBehalfOf: Person.ID? = nil
    package var time: BookedTime? = nil
}

package struct BookingMoved: BookingFact {
    package static let name = "relationships.booking-moved"
    package let booking: Booking.ID
    package let giver: Person.ID
    package let receiver: Person.ID
    package let by: Person.ID
    package var onBehalfOf: Person.ID? = nil
    package var time: BookedTime? = nil
    package var before: BookedTime? = nil
}

package struct BookingCancelled: BookingFact {
    package static let name = "relationships.booking-cancelled"
    package let booking: Booking.ID
    package let giver: Person.ID
    package let receiver: Person.ID
    package let by: Person.ID
    package var onBehalfOf: Person.ID? = nil
    package var time: BookedTime? = nil
}

/// The time of a booking is over (APT-16).
package struct BookingEnded: Event {
    package static let name = "relationships.booking-ended"
    package let booking: Booking.ID
    package let giver: Person.ID
    package let receiver: Person.ID
}

/// Marks a booking as over when its time has come.
struct BookingEnd: Job {
    static let name = "relationships.booking-end"
    let booking: Booking.ID
}

package enum BookingRefusal: Refusal, CaseIterable {
    case alreadyCancelled
    case alreadyOver
    case noLongerTogether
    /// The form was sent before, with something else in it.
    case otherwiseSent

    package var kind: RefusalKind { .conflict }

    package var phrase: Phrase {
        switch self {
        case .alreadyCancelled: Phrase("booking.already-cancelled")
        case .alreadyOver: Phrase("booking.already-over")
        case .noLongerTogether: Phrase("booking.no-longer-together")
        case .otherwiseSent: Phrase("booking.otherwise-sent")
        }
    }
}
