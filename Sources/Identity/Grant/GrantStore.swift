import Basics
import Store

enum GrantStore {
    static func find(
        _ id: Grant.ID,
        for person: Person.ID,
        in data: borrowing Snapshot
    ) throws -> Grant {
        try found(
            data.first(
                """
                SELECT id, giver, holder, task, minutes, state, asked_at, ends_at, decided_at,
                    stopped_by
                FROM identity_grant
                WHERE id = \(id) AND \(person) IN (giver, holder)
                """,
                grant
            )
        )
    }

    static func find(
        _ id: Grant.ID,
        givenBy person: Person.ID,
        in data: borrowing Snapshot
    ) throws -> Grant {
        let grant = try find(id, for: person, in: data)
        guard grant.giver == person else { throw NotThere() }
        return grant
    }

    static func find(
        _ id: Grant.ID,
        heldBy person: Person.ID,
        in data: borrowing Snapshot
    ) throws -> Grant {
        let grant = try find(id, for: person, in: data)
        guard grant.holder == person else { throw NotThere() }
        return grant
    }

    static func all(givenBy person: Person.ID, in data: borrowing Snapshot) throws -> [Grant] {
        try data.all(
            """
            SELECT id, giver, holder, task, minutes, state, asked_at, ends_at, decided_at,
                stopped_by
            FROM identity_grant
            WHERE giver = \(person)
            ORDER BY asked_at DESC
            LIMIT 50
            """,
            grant
        )
    }

    static func all(heldBy person: Person.ID, in data: borrowing Snapshot) throws -> [Grant] {
        try data.all(
            """
            SELECT id, giver, holder, task, minutes, state, asked_at, ends_at, decided_at,
                stopped_by
            FROM identity_grant
            WHERE holder = \(person)
            ORDER BY asked_at DESC
            LIMIT 50
            """,
            grant
        )
    }

    /// Whether this was asked and not answered yet, or is allowed now.
    static func isOpen(
        from giver: Person.ID,
        to holder: Person.ID,
        _ task: Grant.Task,
        at now: Instant,
        in data: borrowing Snapshot
    ) throws -> Bool {
        let found: Int64? = try data.value(
            """
            SELECT 1
            FROM identity_grant
            WHERE giver = \(giver) AND holder = \(holder) AND task = \(task.rawValue)
              AND (state = 'asked' OR state = 'active' AND ends_at > \(now))
            LIMIT 1
            """
        )
        return found != nil
    }

    /// Whether the one was ever asked to let the other help.
    static func wasAsked(
        _ giver: Person.ID,
        by holder: Person.ID,
        in data: borrowing Snapshot
    ) throws -> Bool {
        let found: Int64? = try data.value(
            """
            SELECT 1
            FROM identity_grant
            WHERE giver = \(giver) AND holder = \(holder)
            LIMIT 1
            """
        )
        return found != nil
    }

    /// Whether the one ever let the other help.
    static func wasAllowed(
        by giver: Person.ID,
        to holder: Person.ID,
        in data: borrowing Snapshot
    ) throws -> Bool {
        let found: Int64? = try data.value(
            """
            SELECT 1
            FROM identity_grant
            WHERE giver = \(giver) AND holder = \(holder)
              AND state IN ('active', 'stopped') AND decided_at IS NOT NULL
            LIMIT 1
            """
        )
        return found != nil
    }

    static func insert(
        _ id: Grant.ID,
        _ giver: Person.ID,
        _ holder: Person.ID,
        _ task: Grant.Task,
        _ minutes: Int64,
        in change: borrowing Change
    ) throws {
        try change.run(
            """
            INSERT INTO identity_grant (id, giver, holder, task, minutes, state, asked_at)
            VALUES (\(id), \(giver), \(holder), \(task.rawValue), \(minutes), 'asked',
                    \(change.now))
            """
        )
    }

    static func decide(
        _ id: Grant.ID,
        _ state: Grant.State,
        endsAt: Instant?,
        in change: borrowing Change
    ) throws {
        try change.run(
            """
            UPDATE identity_grant
            SET state = \(state.rawValue), decided_at = \(change.now), ends_at = \(endsAt)
            WHERE id = \(id)
            """
        )
    }

    static func stop(_ id: Grant.ID, by person: Person.ID, in change: borrowing Change) throws {
        try change.run(
            """
            UPDATE identity_grant
            SET state = 'stopped', ends_at = \(change.now), stopped_by = \(person)
            WHERE id = \(id)
            """
        )
    }

    private static func found(_ grant: Grant?) throws -> Grant {
        guard let grant else { throw NotThere() }
        return grant
    }

    private static func grant(_ row: borrowing Row) throws -> Grant {
        let task: String = try row[3]
        let state: String = try row[5]
        let decidedAt: Instant? = try row[8]
        guard let task = Grant.Task(rawValue: task), let state = Grant.State(rawValue: state)
        else { throw UnknownCode(text: "\(task) \(state)") }
        return Grant(
            id: try row[0],
            giver: try row[1],
            holder: try row[2],
            task: task,
            minutes: try row[4],
            state: state,
            askedAt: try row[6],
            endsAt: try row[7],
            wasAllowed: decidedAt != nil && state != .declined,
            stoppedBy: try row[9]
        )
    }
}
