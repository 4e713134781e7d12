import Basics
import Identity
import Store

/// Ending a relationship: either person may, at once, and it cannot be undone (REL-04).
enum Ending {
    static func end(
        _ permit: MayEnd,
        by person: SignedIn,
        in change: borrowing Change
    ) throws {
        try check(permit.relationship)
        try RelationshipStore.end(permit.relationship.id, by: person.id, in: change)
        try Joining.record(.ended, permit.relationship, person, in: change)
    }

    /// The rule alone, so that testing it takes no database.
    static func check(_ relationship: Relationship) throws(RelationshipRefusal) {
        switch relationship.state {
        case .accepted, .pending: return
        case .ended, .declined: throw .alreadyEnded
        }
    }
}
