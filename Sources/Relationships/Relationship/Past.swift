import Identity
import Store

/// What an ended relationship leaves behind: the visits that two people had stay open to both,
/// and names stay on what stays. A relationship that was never accepted leaves nothing.
enum Past {
    static func reasons(
        _ actor: Person.ID,
        _ subject: Person.ID,
        _ data: borrowing Snapshot
    ) throws -> [Reason] {
        var reasons: [Reason] = []
        let kinds: [String] = try data.all(
            """
            SELECT DISTINCT kind
            FROM relationships_relationship
            WHERE state = 'ended' AND decided_at IS NOT NULL
              AND (supporter = \(actor) AND supported = \(subject)
                   OR supporter = \(subject) AND supported = \(actor))
            """
        ) { try $0[0] }
        if kinds.contains("carer") { reasons.append(.hadVisits) }
        let isNamed =
            try kinds.contains("assistant") || arrangesPast(actor, subject, data)
            || sharedATeam(actor, subject, data)
        if isNamed { reasons.append(.knewBefore) }
        return reasons
    }

    /// Who arranges for someone reads their past visits, and so who gave them.
    private static func arrangesPast(
        _ actor: Person.ID,
        _ subject: Person.ID,
        _ data: borrowing Snapshot
    ) throws -> Bool {
        let found: Int64? = try data.value(
            """
            SELECT 1
            FROM relationships_relationship AS mine
            JOIN relationships_relationship AS theirs ON theirs.supported = mine.supported
            WHERE mine.supporter = \(actor) AND mine.kind = 'assistant' AND mine.state = 'accepted'
              AND theirs.supporter = \(subject) AND theirs.state = 'ended'
              AND theirs.decided_at IS NOT NULL
            LIMIT 1
            """
        )
        return found != nil
    }

    /// Both supported the same person at the same time, whichever way.
    private static func sharedATeam(
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
              AND mine.state IN ('accepted', 'ended') AND theirs.state IN ('accepted', 'ended')
              AND mine.decided_at < coalesce(theirs.ended_at, 9223372036854775807)
              AND theirs.decided_at < coalesce(mine.ended_at, 9223372036854775807)
            LIMIT 1
            """
        )
        return found != nil
    }
}
