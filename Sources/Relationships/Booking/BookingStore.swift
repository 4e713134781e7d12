package import Basics
package import Identity
package import Store

package enum BookingStore {
    /// Whoever takes part, or arranges for the one who gets support. For anyone else it is not
    /// there.
    package static func find(
        _ id: Booking.ID,
        for acting: Acting,
        in data: borrowing Snapshot
    ) throws -> Booking {
        let found = try data.first(
            """
            SELECT id, relationship, giver, receiver, title, place, starts_at, ends_at, state
            FROM relationships_booking
            WHERE id = \(id)
              AND (\(acting.principal) IN (giver, receiver)
                   OR receiver IN (SELECT supported FROM relationships_relationship
                                   WHERE supporter = \(acting.arranger) AND kind = 'assistant'
                                     AND state = 'accepted'))
            """,
            booking
        )
        guard let found else { throw NotThere() }
        return found
    }

    /// Visits that are still to come or going on, of the person and of those they arrange for.
    package static func upcoming(
        for acting: Acting,
        from: Instant,
        until: Instant,
        in data: borrowing Snapshot
    ) throws -> [Booking] {
        try data.all(
            """
            SELECT id, relationship, giver, receiver, title, place, starts_at, ends_at, state
            FROM relationships_booking
            WHERE state = 'booked' AND ends_at > \(from)
              AND starts_at > \(from.adding(minutes: -Slot.longestMinutes))
              AND starts_at < \(until)
              AND (giver = \(acting.principal) OR receiver = \(acting.principal)
                   OR receiver IN (SELECT supported FROM relationships_relationship
                                   WHERE supporter = \(acting.arranger) AND kind = 'assistant'
                                     AND state = 'accepted'))
            ORDER BY starts_at, id
            LIMIT 200
            """,
            booking
        )
    }

    /// What was booked in a relationship and has not begun yet.
    static func coming(
        of relationship: Relationship.ID,
        from: Instant,
        in data: borrowing Snapshot
    ) throws -> [Booking] {
        try data.all(
            """
            SELECT id, relationship, giver, receiver, title, place, starts_at, ends_at, state
            FROM relationships_booking
            WHERE relationship = \(relationship) AND state = 'booked' AND starts_at > \(from)
            ORDER BY starts_at, id
            """,
            booking
        )
    }

    /// What a giver has in a stretch of time, over or not; not what was cancelled.
    package static func given(
        by acting: Acting,
        from: Instant,
        until: Instant,
        in data: borrowing Snapshot
    ) throws -> [Booking] {
        try data.all(
            """
            SELECT id, relationship, giver, receiver, title, place, starts_at, ends_at, state
            FROM relationships_booking
            WHERE giver = \(acting.principal) AND state <> 'cancelled'
              AND starts_at >= \(from) AND starts_at < \(until)
            ORDER BY starts_at, id
            LIMIT 200
            """,
            booking
        )
    }

    /// The platform's own reading, for what happens by itself.
    package static func find(_ id: Booking.ID, in data: borrowing Snapshot) throws -> Booking? {
        try data.first(
            """
            SELECT id, relationship, giver, receiver, title, place, starts_at, ends_at, state
            FROM relationships_booking
            WHERE id = \(id)
            """,
            booking
        )
    }

    /// Whether the giver is somewhere else at that time.
    static func isTaken(
        _ giver: Person.ID,
        from: Instant,
        until: Instant,
        otherThan id: Booking.ID?,
        in data: borrowing Snapshot
    ) throws -> Bool {
        let found: Int64? = try data.value(
            """
            SELECT 1
            FROM relationships_booking
            WHERE giver = \(giver) AND state = 'booked' AND ends_at > \(from)
              AND starts_at > \(from.adding(minutes: -Slot.longestMinutes))
              AND starts_at < \(until) AND (\(id) IS NULL OR id <> \(id))
            LIMIT 1
            """
        )
        return found != nil
    }

    /// What an earlier press of the same button made.
    static func made(once key: String, in data: borrowing Snapshot) throws -> Booking? {
        try data.first(
            """
            SELECT id, relationship, giver, receiver, title, place, starts_at, ends_at, state
            FROM relationships_booking
            WHERE once = \(key)
            """,
            booking
        )
    }

    static func insert(
        _ booking: Booking,
        once key: String,
        by person: Person.ID,
        in change: borrowing Change
    ) throws {
        try change.run(
            """
            INSERT INTO relationships_booking
                (id, relationship, giver, receiver, title, place, starts_at, ends_at, state,
                 made_by, made_at, once)
            VALUES
                (\(booking.id), \(booking.relationship), \(booking.giver), \(booking.receiver),
                 \(booking.title), \(booking.place), \(booking.startsAt), \(booking.endsAt),
                 'booked', \(person), \(change.now), \(key))
            """
        )
    }

    static func move(
        _ id: Booking.ID,
        to slot: Slot,
        in change: borrowing Change
    ) throws {
        try change.run(
            """
            UPDATE relationships_booking
            SET starts_at = \(slot.startsAt), ends_at = \(slot.endsAt)
            WHERE id = \(id) AND state = 'booked'
            """
        )
    }

    static func setState(
        _ state: Booking.State,
        _ id: Booking.ID,
        in change: borrowing Change
    ) throws {
        try change.run(
            """
            UPDATE relationships_booking SET state = \(state.rawValue)
            WHERE id = \(id) AND state = 'booked'
            """
        )
    }

    private static func booking(_ row: borrowing Row) throws -> Booking {
        let state: String = try row[8]
        guard let state = Booking.State(rawValue: state) else { throw UnknownCode(text: state) }
        return Booking(
            id: try row[0],
            relationship: try row[1],
            giver: try row[2],
            receiver: try row[3],
            title: try row[4],
            place: try row[5],
            startsAt: try row[6],
            endsAt: try row[7],
            state: state
        )
    }
}

extension Acting {
    /// Who may reach the visits of those they arrange for. Nobody under a grant: what its giver
    /// allows is their own, and the others were not asked.
    var arranger: Person.ID? { onBehalfOf == nil ? actor : nil }
}
