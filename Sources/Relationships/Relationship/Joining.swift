package import Basics
import Events
package import Identity
package import Store

/// Asking for a relationship, and accepting or declining what was asked.
package enum Joining {
    package static func ask(
        _ kind: Relationship.Kind,
        supporter: Person.ID,
        supported: Person.ID,
        rate: Money?,
        by person: SignedIn,
        in change: borrowing Change
    ) throws -> Relationship.ID {
        guard [supporter, supported].contains(person.id) else { throw NotThere() }
        let relationship = Relationship(
            id: change.newID(),
            kind: kind,
            supporter: supporter,
            supported: supported,
            rate: kind == .carer ? rate : nil,
            state: .pending,
            requestedBy: person.id
        )
        let existing = try RelationshipStore.all(for: person.acting, in: change.snapshot)
        let isThere = existing.contains {
            $0.kind == kind && $0.supporter == supporter && $0.supported == supported
        }
        guard !isThere else { throw RelationshipRefusal.alreadyThere }
        try RelationshipStore.insert(relationship, in: change)
        let asked = relationship.other(than: person.id)
        try Audit.record(
            .asked,
            .team,
            reference: relationship.id.rawValue,
            about: asked,
            by: person.acting,
            because: .asks,
            in: change
        )
        try change.record(
            RelationshipAsked(relationship: relationship.id, asker: person.id, asked: asked)
        )
        return relationship.id
    }

    /// Only the one who was asked decides.
    @discardableResult
    package static func decide(
        _ id: Relationship.ID,
        accept: Bool,
        by person: SignedIn,
        in change: borrowing Change
    ) throws -> Relationship {
        let relationship = try RelationshipStore.find(
            id,
            for: person.acting,
            in: change.snapshot
        )
        guard relationship.requestedBy != person.id else { throw NotThere() }
        guard relationship.state == .pending else { throw RelationshipRefusal.alreadyDecided }
        try RelationshipStore.decide(id, accept ? .accepted : .declined, in: change)
        try record(accept ? .allowed : .declined, relationship, person, in: change)
        try change.record(
            RelationshipAnswered(
                relationship: id,
                asker: relationship.requestedBy,
                asked: person.id,
                isAccepted: accept
            )
        )
        return relationship
    }

    static func record(
        _ action: AuditAction,
        _ relationship: Relationship,
        _ person: SignedIn,
        in change: borrowing Change
    ) throws {
        try Audit.record(
            action,
            .team,
            reference: relationship.id.rawValue,
            about: relationship.supported,
            by: person.acting,
            because: person.id == relationship.supported
                ? .own : relationship.kind == .carer ? .givesSupport : .arranges,
            in: change
        )
    }
}
