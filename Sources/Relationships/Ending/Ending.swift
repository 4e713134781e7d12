import Basics
import Events
import Identity
import Store

/// Ending a relationship: either person may, at once, and it cannot be undone (REL-04). Visits
/// that have not begun are cancelled with it; what took place stays.
enum Ending {
    static func end(
        _ permit: MayEnd,
        by person: SignedIn,
        in change: borrowing Change
    ) throws {
        let relationship = permit.relationship
        try check(relationship)
        for booking in try coming(relationship, at: change.now, in: change.snapshot) {
            let mayChange = try BookingPolicy.mayChange(
                booking,
                person.acting,
                in: change.snapshot
            )
            try Cancellation.cancel(mayChange, in: change)
        }
        try RelationshipStore.end(relationship.id, by: person.id, in: change)
        try Joining.record(.ended, relationship, person, in: change)
        // What was only asked for is taken back without a word.
        guard relationship.state == .accepted else { return }
        try change.record(
            RelationshipEnded(
                relationship: relationship.id,
                supporter: relationship.supporter,
                supported: relationship.supported,
                by: person.id
            )
        )
    }

    static func coming(
        _ relationship: Relationship,
        at now: Instant,
        in data: borrowing Snapshot
    ) throws -> [Booking] {
        try BookingStore.coming(of: relationship.id, from: now, in: data)
    }

    /// The rule alone, so that testing it takes no database.
    static func check(_ relationship: Relationship) throws(RelationshipRefusal) {
        switch relationship.state {
        case .accepted, .pending: return
        case .ended, .declined: throw .alreadyEnded
        }
    }
}
