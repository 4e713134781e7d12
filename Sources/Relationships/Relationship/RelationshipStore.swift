package import Basics
package import Identity
package import Store

package enum RelationshipStore {
    /// One of the two may find it; for anyone else it is not there.
    static func find(
        _ id: Relationship.ID,
        for acting: Acting,
        in data: borrowing Snapshot
    ) throws -> Relationship {
        let found = try data.first(
            """
            SELECT id, kind, supporter, supported, rate, state, requested_by
            FROM relationships_relationship
            WHERE id = \(id) AND \(acting.principal) IN (supporter, supported)
            """,
            relationship
        )
        guard let found else { throw NotThere() }
        return found
    }

    /// The relationships a person stands in, the oldest first.
    static func all(
        for acting: Acting,
        in data: borrowing Snapshot
    ) throws -> [Relationship] {
        try data.all(
            """
            SELECT id, kind, supporter, supported, rate, state, requested_by
            FROM relationships_relationship
            WHERE (supporter = \(acting.principal) OR supported = \(acting.principal))
              AND state IN ('pending', 'accepted')
            ORDER BY id
            """,
            relationship
        )
    }

    /// The accepted relationships in which someone is supported by carers.
    static func carers(
        of supported: Person.ID,
        in data: borrowing Snapshot
    ) throws -> [Relationship] {
        try data.all(
            """
            SELECT id, kind, supporter, supported, rate, state, requested_by
            FROM relationships_relationship
            WHERE supported = \(supported) AND kind = 'carer' AND state = 'accepted'
            ORDER BY id
            """,
            relationship
        )
    }

    /// For an act whose policy asks for itself who may.
    static func findCarer(
        _ id: Relationship.ID,
        in data: borrowing Snapshot
    ) throws -> Relationship {
        let found = try data.first(
            """
            SELECT id, kind, supporter, supported, rate, state, requested_by
            FROM relationships_relationship
            WHERE id = \(id) AND kind = 'carer' AND state = 'accepted'
            """,
            relationship
        )
        guard let found else { throw NotThere() }
        return found
    }

    /// For what a visit was agreed at: the rate stays that of the relationship it was booked in.
    package static func rate(
        of id: Relationship.ID,
        in data: borrowing Snapshot
    ) throws -> Money? {
        let pence: Int64? = try data.value(
            "SELECT rate FROM relationships_relationship WHERE id = \(id)"
        )
        return pence.map(Money.pence)
    }

    package static func carer(
        _ giver: Person.ID,
        of receiver: Person.ID,
        in data: borrowing Snapshot
    ) throws -> Relationship? {
        try data.first(
            """
            SELECT id, kind, supporter, supported, rate, state, requested_by
            FROM relationships_relationship
            WHERE supporter = \(giver) AND supported = \(receiver) AND kind = 'carer'
              AND state = 'accepted'
            """,
            relationship
        )
    }

    /// Whom a person arranges support for.
    package static func arrangedFor(
        by arranger: Person.ID,
        in data: borrowing Snapshot
    ) throws -> [Person.ID] {
        try data.all(
            """
            SELECT supported
            FROM relationships_relationship
            WHERE supporter = \(arranger) AND kind = 'assistant' AND state = 'accepted'
            ORDER BY id
            """
        ) { try $0[0] }
    }

    static func insert(_ relationship: Relationship, in change: borrowing Change) throws {
        try change.run(
            """
            INSERT INTO relationships_relationship
                (id, kind, supporter, supported, rate, state, requested_by, requested_at)
            VALUES
                (\(relationship.id), \(relationship.kind.rawValue), \(relationship.supporter),
                 \(relationship.supported), \(relationship.rate?.minor),
                 \(relationship.state.rawValue), \(relationship.requestedBy), \(change.now))
            """
        )
    }

    static func decide(
        _ id: Relationship.ID,
        _ state: Relationship.State,
        in change: borrowing Change
    ) throws {
        try change.run(
            """
            UPDATE relationships_relationship
            SET state = \(state.rawValue), decided_at = \(change.now)
            WHERE id = \(id)
            """
        )
    }

    static func end(
        _ id: Relationship.ID,
        by person: Person.ID,
        in change: borrowing Change
    ) throws {
        try change.run(
            """
            UPDATE relationships_relationship
            SET state = 'ended', ended_at = \(change.now), ended_by = \(person)
            WHERE id = \(id)
            """
        )
    }

    private static func relationship(_ row: borrowing Row) throws -> Relationship {
        let kind: String = try row[1]
        let rate: Int64? = try row[4]
        let state: String = try row[5]
        guard let kind = Relationship.Kind(rawValue: kind),
            let state = Relationship.State(rawValue: state)
        else { throw UnknownCode(text: "\(kind) \(state)") }
        return Relationship(
            id: try row[0],
            kind: kind,
            supporter: try row[2],
            supported: try row[3],
            rate: rate.map(Money.pence),
            state: state,
            requestedBy: try row[6]
        )
    }
}
