package import Basics
import Events
package import Identity
package import Relationships

/// What happened at one visit, in the version that counts now.
package struct CareLog: Sendable {
    package typealias ID = Identifier<CareLog>

    package let id: ID
    package let booking: Booking.ID
    package let giver: Person.ID
    package let receiver: Person.ID
    /// An hour; nil for what is given freely.
    package let rate: Money?
    package let agreement: Agreement
    package let version: Version

    /// One version as somebody wrote it.
    package struct Version: Sendable {
        package let number: Int
        /// Nil when the platform opened it from the booking.
        package let writtenBy: Person.ID?
        package let writtenAt: Instant
        package let startedAt: Instant
        package let endedAt: Instant
        /// False when it says that the visit did not take place; the times are then those before.
        package let happened: Bool
        package let tasks: [CareTask]
        package let note: Sealed?
        /// Why it was changed, in the words of who changed it.
        package let why: Sealed?
    }

    package var minutes: Minutes {
        Minutes(version.startedAt.minutes(until: version.endedAt))
    }

    /// What it costs; nothing for what is given freely or did not happen.
    package func amount() throws(MoneyError) -> Money {
        guard let rate, version.happened else { return .pence(0) }
        return try rate.perHour(for: minutes)
    }

    /// The side whose confirmation of this version is still to come.
    package var waitsFor: [Agreement.Side] {
        guard agreement.state == .pending else { return [] }
        return Agreement.Side.allCases.filter { !agreement.confirmed.contains($0) }
    }

    func person(_ side: Agreement.Side) -> Person.ID {
        side == .giver ? giver : receiver
    }
}

/// What is done together at a visit (NOT-09).
package enum CareTask: String, Sendable, CaseIterable {
    case foodAndDrink = "food-and-drink"
    case medicine
    case washingAndDressing = "washing-and-dressing"
    case home
    case outAndAbout = "out-and-about"
    case company

    var phrase: Phrase { Phrase("care-task.\(rawValue)") }
}

/// A log waits for somebody's answer.
package struct CareLogWaiting: Event {
    package static let name = "transactions.care-log-waiting"
    package let careLog: CareLog.ID
    package let giver: Person.ID
    package let receiver: Person.ID
    package let waitsFor: Person.ID
}

/// Both agree on what happened.
package struct CareLogConfirmed: Event {
    package static let name = "transactions.care-log-confirmed"
    package let careLog: CareLog.ID
    package let giver: Person.ID
    package let receiver: Person.ID
}

/// The money for it has passed.
package struct CareLogPaid: Event {
    package static let name = "transactions.care-log-paid"
    package let careLog: CareLog.ID
    package let giver: Person.ID
    package let receiver: Person.ID
}
