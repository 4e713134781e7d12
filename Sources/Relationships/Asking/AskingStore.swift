import Basics
import Identity
import Store

enum AskingStore {
    /// The latest that a person asked, the newest first.
    static func all(by asker: Person.ID, in data: borrowing Snapshot) throws -> [Asking] {
        try data.all(
            """
            SELECT asking.id, asking.name, asking.kind, asking.supports, asking.relationship,
                asking.asked_at,
                asking.withdrawn_at IS NULL
                    AND (asking.relationship IS NULL OR answered.state = 'pending')
            FROM relationships_asking AS asking
            LEFT JOIN relationships_relationship AS answered ON answered.id = asking.relationship
            WHERE asking.asker = \(asker)
            ORDER BY asking.asked_at DESC, asking.id DESC
            LIMIT 200
            """
        ) { row in
            let code: String = try row[2]
            guard let kind = Relationship.Kind(rawValue: code) else {
                throw UnknownCode(text: code)
            }
            return Asking(
                id: try row[0],
                name: try row[1],
                role: Asking.Role(kind, supports: try row[3]),
                relationship: try row[4],
                askedAt: try row[5],
                isWaiting: try row[6]
            )
        }
    }

    static func insert(
        _ id: Asking.ID,
        by asker: Person.ID,
        _ name: Sealed,
        _ role: Asking.Role,
        _ relationship: Relationship.ID?,
        in change: borrowing Change
    ) throws {
        try change.run(
            """
            INSERT INTO relationships_asking
                (id, asker, name, kind, supports, relationship, asked_at)
            VALUES (\(id), \(asker), \(name), \(role.kind.rawValue), \(role.supports),
                    \(relationship), \(change.now))
            """
        )
    }

    static func withdraw(_ id: Asking.ID, in change: borrowing Change) throws {
        try change.run(
            "UPDATE relationships_asking SET withdrawn_at = \(change.now) WHERE id = \(id)"
        )
    }
}
