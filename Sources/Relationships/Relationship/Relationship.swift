package import Basics
import Events
package import Identity

/// How two people stand to each other. It needs both: one asks, the other accepts (REL-08).
package struct Relationship: Sendable {
    package typealias ID = Identifier<Relationship>

    package enum Kind: String, Sendable {
        /// The supporter gives support.
        case carer
        /// The supporter arranges support.
        case assistant
    }

    package enum State: String, Sendable, CaseIterable {
        case pending
        case accepted
        case declined
        case ended
    }

    package let id: ID
    package let kind: Kind
    package let supporter: Person.ID
    package let supported: Person.ID
    /// Pence an hour; nil for what is given freely.
    package let rate: Money?
    package let state: State
    package let requestedBy: Person.ID

    package func other(than person: Person.ID) -> Person.ID {
        person == supporter ? supported : supporter
    }
}

/// Someone asked for it; the other should hear of it.
package struct RelationshipAsked: Event {
    package static let name = "relationships.relationship-asked"
    package let relationship: Relationship.ID
    package let asker: Person.ID
    package let asked: Person.ID
}

/// It was accepted or declined; who asked should hear of it.
package struct RelationshipAnswered: Event {
    package static let name = "relationships.relationship-answered"
    package let relationship: Relationship.ID
    package let asker: Person.ID
    package let asked: Person.ID
    package let isAccepted: Bool
}

/// What two people had agreed has ended; both should hear of it.
package struct RelationshipEnded: Event {
    package static let name = "relationships.relationship-ended"
    package let relationship: Relationship.ID
    package let supporter: Person.ID
    package let supported: Person.ID
    package let by: Person.ID
}

package enum RelationshipRefusal: Refusal, CaseIterable {
    case alreadyThere
    case alreadyDecided
    case alreadyEnded

    package var kind: RefusalKind { .conflict }

    package var phrase: Phrase {
        switch self {
        case .alreadyThere: Phrase("relationship.already-there")
        case .alreadyDecided: Phrase("relationship.already-decided")
        case .alreadyEnded: Phrase("relationship.already-ended")
        }
    }
}
