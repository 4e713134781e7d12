import Basics
import Identity
import Store

/// Proof that this person may end this relationship, as read in this same change.
struct MayEnd {
    let relationship: Relationship

    fileprivate init(_ relationship: Relationship) {
        self.relationship = relationship
    }
}

enum RelationshipPolicy {
    /// Either of the two, in their own name: ending cannot be undone, so nobody does it for
    /// someone else. As long as it is only asked for, who asked.
    static func mayEnd(_ relationship: Relationship, _ person: SignedIn) throws -> MayEnd {
        guard [relationship.supporter, relationship.supported].contains(person.id) else {
            throw NotThere()
        }
        guard relationship.state != .pending || relationship.requestedBy == person.id else {
            throw NotThere()
        }
        return MayEnd(relationship)
    }
}
