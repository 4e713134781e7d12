import Basics
import Identity
import Relationships
import Store

enum CareLogStore {
    // MARK: Finding

    /// Whoever takes part, or arranges for the one who gets support.
    static func find(
        _ id: CareLog.ID,
        for acting: Acting,
        in data: borrowing Snapshot
    ) throws -> CareLog {
        guard let log = try find(id, in: data), try isVisible(log, to: acting, data) else {
            throw NotThere()
        }
        return log
    }

    static func find(
        booking: Booking.ID,
        for acting: Acting,
        in data: borrowing Snapshot
    ) throws -> CareLog? {
        let id: CareLog.ID? = try data.value(
            "SELECT id FROM transactions_care_log WHERE booking = \(booking)"
        )
        guard let id else { return nil }
        return try find(id, for: acting, in: data)
    }

    /// For what the platform does by itself.
    static func find(_ id: CareLog.ID, in data: borrowing Snapshot) throws -> CareLog? {
        let head = try data.first(
            """
            SELECT id, booking, giver, receiver, rate, state, version
            FROM transactions_care_log
            WHERE id = \(id)
            """,
            head
        )
        guard let head else { return nil }
        return try whole(head, data)
    }

    static func exists(booking: Booking.ID, in data: borrowing Snapshot) throws -> Bool {
        let id: CareLog.ID? = try data.value(
            "SELECT id FROM transactions_care_log WHERE booking = \(booking)"
        )
        return id != nil
    }

    /// What is not agreed yet, of the person and of those they arrange for; the oldest first.
    static func pending(for acting: Acting, in data: borrowing Snapshot) throws -> [CareLog] {
        var found = try pending(takingPart: acting.principal, in: data)
        for receiver in try RelationshipStore.arrangedFor(by: acting.principal, in: data) {
            found += try pending(takingPart: receiver, in: data).filter { log in
                log.receiver == receiver && !found.contains { $0.id == log.id }
            }
        }
        return found.sorted { $0.id < $1.id }
    }

    private static func pending(
        takingPart person: Person.ID,
        in data: borrowing Snapshot
    ) throws -> [CareLog] {
        try data.all(
            """
            SELECT id, booking, giver, receiver, rate, state, version
            FROM transactions_care_log
            WHERE state = 'pending' AND (giver = \(person) OR receiver = \(person))
            ORDER BY id
            LIMIT 100
            """,
            head
        ).map { try whole($0, data) }
    }

    /// Agreed and not paid yet, in the order in which they were opened. What is given freely or
    /// did not happen has nothing to be paid and stays as it is.
    static func due(
        givenBy giver: Person.ID? = nil,
        in data: borrowing Snapshot
    ) throws -> [CareLog] {
        let given: SQL = if let giver { "giver = \(giver)" } else { "TRUE" }
        return try data.all(
            """
            SELECT id, booking, giver, receiver, rate, state, version
            FROM transactions_care_log
            WHERE state = 'confirmed' AND rate IS NOT NULL AND \(given)
              AND (SELECT happened
                   FROM transactions_care_log_version AS latest
                   WHERE latest.care_log = transactions_care_log.id
                     AND latest.version = transactions_care_log.version) = 1
            ORDER BY receiver, id
            """,
            head
        ).map { try whole($0, data) }
    }

    static func versions(
        of log: CareLog,
        in data: borrowing Snapshot
    ) throws -> [CareLog.Version] {
        try data.all(
            """
            SELECT version, written_by, written_at, started_at, ended_at, tasks, note, happened,
                   why
            FROM transactions_care_log_version
            WHERE care_log = \(log.id)
            ORDER BY version
            """,
            version
        )
    }

    private static func isVisible(
        _ log: CareLog,
        to acting: Acting,
        _ data: borrowing Snapshot
    ) throws -> Bool {
        if [log.giver, log.receiver].contains(acting.principal) { return true }
        return try RelationshipStore.arrangedFor(by: acting.principal, in: data)
            .contains(log.receiver)
    }

    // MARK: Writing

    static func insert(
        _ id: CareLog.ID,
        _ booking: Booking,
        rate: Money?,
        in change: borrowing Change
    ) throws {
        try change.run(
            """
            INSERT INTO transactions_care_log
                (id, booking, giver, receiver, rate, state, version, opened_at)
            VALUES (\(id), \(booking.id), \(booking.giver), \(booking.receiver), \(rate?.minor),
                    'pending', 1, \(change.now))
            """
        )
    }

    static func set(
        _ agreement: Agreement,
        of id: CareLog.ID,
        in change: borrowing Change
    ) throws {
        try change.run(
            """
            UPDATE transactions_care_log
            SET state = \(agreement.state.rawValue), version = \(agreement.version)
            WHERE id = \(id)
            """
        )
    }

    static func insert(
        _ version: CareLog.Version,
        of id: CareLog.ID,
        position: Int64,
        in change: borrowing Change
    ) throws {
        let tasks = version.tasks.map(\.rawValue).joined(separator: " ")
        try change.run(
            """
            INSERT INTO transactions_care_log_version
                (position, care_log, version, written_by, written_at, started_at, ended_at,
                 tasks, note, happened, why)
            VALUES
                (\(position), \(id), \(version.number), \(version.writtenBy),
                 \(version.writtenAt), \(version.startedAt), \(version.endedAt), \(tasks),
                 \(version.note), \(version.happened), \(version.why))
            """
        )
    }

    static func confirm(
        _ id: CareLog.ID,
        _ version: Int,
        _ side: Agreement.Side,
        by person: Person.ID,
        position: Int64,
        in change: borrowing Change
    ) throws {
        try change.run(
            """
            INSERT INTO transactions_care_log_confirmation
                (position, care_log, version, side, person, confirmed_at)
            VALUES (\(position), \(id), \(version), \(side.rawValue), \(person), \(change.now))
            """
        )
    }

    // MARK: Decoding

    private struct Head {
        let id: CareLog.ID
        let booking: Booking.ID
        let giver: Person.ID
        let receiver: Person.ID
        let rate: Int64?
        let state: Agreement.State
        let version: Int
    }

    private static func head(_ row: borrowing Row) throws -> Head {
        let state: String = try row[5]
        guard let state = Agreement.State(rawValue: state) else { throw UnknownCode(text: state) }
        return Head(
            id: try row[0],
            booking: try row[1],
            giver: try row[2],
            receiver: try row[3],
            rate: try row[4],
            state: state,
            version: try row[6]
        )
    }

    private static func whole(_ head: Head, _ data: borrowing Snapshot) throws -> CareLog {
        let version = try data.first(
            """
            SELECT version, written_by, written_at, started_at, ended_at, tasks, note, happened,
                   why
            FROM transactions_care_log_version
            WHERE care_log = \(head.id) AND version = \(head.version)
            """,
            version
        )
        guard let version else { throw UnknownCode(text: "a care log without its version") }
        let sides = try data.all(
            """
            SELECT side FROM transactions_care_log_confirmation
            WHERE care_log = \(head.id) AND version = \(head.version)
            """
        ) { row in
            let side: String = try row[0]
            guard let side = Agreement.Side(rawValue: side) else { throw UnknownCode(text: side) }
            return side
        }
        return CareLog(
            id: head.id,
            booking: head.booking,
            giver: head.giver,
            receiver: head.receiver,
            rate: head.rate.map(Money.pence),
            agreement: Agreement(
                state: head.state,
                version: head.version,
                confirmed: Set(sides)
            ),
            version: version
        )
    }

    private static func version(_ row: borrowing Row) throws -> CareLog.Version {
        let tasks: String = try row[5]
        return CareLog.Version(
            number: try row[0],
            writtenBy: try row[1],
            writtenAt: try row[2],
            startedAt: try row[3],
            endedAt: try row[4],
            happened: try row[7],
            tasks: tasks.split(separator: " ").compactMap { CareTask(rawValue: String($0)) },
            note: try row[6],
            why: try row[8]
        )
    }
}

/// The store holds a code that this version does not know.
struct UnknownCode: Error {
    let text: String
}
