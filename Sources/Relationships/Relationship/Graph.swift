package import Identity
package import Store

/// How one person stands to another, from the relationships that both accepted and the hats that
/// are worn. It is what reading rights are computed from, in the same snapshot as the data.
package enum Graph {
    /// Strongest reason first.
    package static func standing(
        _ actor: Person.ID,
        _ subject: Person.ID,
        _ data: borrowing Snapshot
    ) throws -> [Reason] {
        var reasons: [Reason] = []
        let ties = try data.all(
            """
            SELECT kind, supporter = \(actor)
            FROM relationships_relationship
            WHERE state = 'accepted'
              AND (supporter = \(actor) AND supported = \(subject)
                   OR supporter = \(subject) AND supported = \(actor))
            ORDER BY kind DESC
            """
        ) { row -> (kind: String, supports: Bool) in
            (try row[0], try row[1])
        }
        for tie in ties where tie.supports {
            reasons.append(tie.kind == "carer" ? .givesSupport : .arranges)
        }
        for tie in ties where !tie.supports {
            reasons.append(tie.kind == "carer" ? .getsSupport : .sameTeam)
        }
        if try sharesATeam(actor, subject, data) { reasons.append(.sameTeam) }
        reasons += try Past.reasons(actor, subject, data)
        if try isAsked(actor, by: subject, data) { reasons.append(.wasAsked) }
        let hats = try Hats.of(actor, in: data)
        if hats.contains(.facilitator) { reasons.append(.facilitates) }
        if hats.contains(.admin) { reasons.append(.administers) }
        return reasons
    }

    /// Who is asked learns who asks; who asks learns nothing before the answer.
    private static func isAsked(
        _ actor: Person.ID,
        by subject: Person.ID,
        _ data: borrowing Snapshot
    ) throws -> Bool {
        let found: Int64? = try data.value(
            """
            SELECT 1
            FROM relationships_relationship
            WHERE state = 'pending' AND requested_by = \(subject)
              AND (supporter = \(actor) OR supported = \(actor))
            LIMIT 1
            """
        )
        return found != nil
    }

    /// Both support the same person, whichever way.
    private static func sharesATeam(
        _ one: Person.ID,
        _ other: Person.ID,
        _ data: borrowing Snapshot
    ) throws -> Bool {
        let found: Int64? = try data.value(
            """
            SELECT 1
            FROM relationships_relationship AS mine
            JOIN relationships_relationship AS theirs ON theirs.supported = mine.supported
            WHERE mine.supporter = \(one) AND theirs.supporter = \(other)
              AND mine.state = 'accepted' AND theirs.state = 'accepted'
            LIMIT 1
            """
        )
        return found != nil
    }
}
