import Basics
import Events
import Identity
import Relationships
import Store
import Transactions

/// Something a person should know: shown under Notices always, and sent as an email that says
/// nothing private (NTF-04, NTF-05).
struct Notice: Sendable {
    typealias ID = Identifier<Notice>

    enum Kind: String, Sendable, CaseIterable {
        case bookingMade = "booking-made"
        case bookingMoved = "booking-moved"
        case bookingCancelled = "booking-cancelled"
        case careLogWaiting = "care-log-waiting"
        case careLogConfirmed = "care-log-confirmed"
        case careLogPaid = "care-log-paid"
        case moneyReceived = "money-received"
        case receiptCorrected = "receipt-corrected"
        case grantAsked = "grant-asked"
        case grantAllowed = "grant-allowed"
        case grantDeclined = "grant-declined"
        case grantStopped = "grant-stopped"
        case relationshipAsked = "relationship-asked"
        case relationshipAccepted = "relationship-accepted"
        case relationshipDeclined = "relationship-declined"
        case relationshipEnded = "relationship-ended"
        case relationshipEndedByYou = "relationship-ended-by-you"
        case hatAsked = "hat-asked"
        case hatAnswered = "hat-answered"
        case hatGiven = "hat-given"
        case hatDeclined = "hat-declined"
    }

    /// What happened, as far as this kind of notice says it.
    struct Details: Sendable {
        var actor: Person.ID?
        /// In whose place the actor did it.
        var actedFor: Person.ID?
        var time: BookedTime?
        var before: BookedTime?
        var hat: Hat?
    }

    let id: ID
    let kind: Kind
    /// The person whom it is about, other than the one who is told.
    let about: Person.ID?
    let reference: Int64
    let madeAt: Instant
    let isRead: Bool
    let details: Details

    var path: String {
        switch kind {
        case .bookingMade, .bookingMoved, .bookingCancelled:
            "/bookings/\(Identifier<Booking>(rawValue: reference))"
        case .careLogWaiting, .careLogConfirmed, .careLogPaid:
            "/care-logs/\(Identifier<CareLog>(rawValue: reference))"
        case .moneyReceived, .receiptCorrected:
            "/receipts/\(Receipt.ID(rawValue: reference))"
        case .grantAsked: "/grants"
        case .grantAllowed, .grantDeclined, .grantStopped: "/helping"
        case .relationshipAsked, .relationshipAccepted, .relationshipDeclined,
            .relationshipEnded, .relationshipEndedByYou:
            "/relationships/\(Identifier<Relationship>(rawValue: reference))"
        case .hatAsked, .hatAnswered:
            "/hat-requests/\(Identifier<Person>(rawValue: reference))"
        case .hatGiven, .hatDeclined: "/hats"
        }
    }
}

/// Telling people. Runs behind the facts, on their events, so that a message that fails undoes
/// nothing (NTF-06).
enum Notices {
    static func tell(
        _ person: Person.ID,
        _ kind: Notice.Kind,
        about: Person.ID?,
        reference: Int64,
        _ details: Notice.Details = Notice.Details(),
        in change: borrowing Change
    ) throws {
        // A visit that waits still waits once, however often it was asked for.
        if kind == .careLogWaiting {
            try NoticeStore.delete(person, kind, reference, in: change)
        }
        let id = try NoticeStore.insert(person, kind, about, reference, details, in: change)
        try change.schedule(NoticeMail(notice: id, person: person), at: change.now)
    }
}

/// An email that says that something waits, and nothing else.
struct NoticeMail: Job {
    static let name = "channels.notice-mail"
    let notice: Notice.ID
    let person: Person.ID
}
