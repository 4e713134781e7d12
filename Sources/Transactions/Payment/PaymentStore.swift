import Basics
import Identity
import Store

enum PaymentStore {
    /// One line of a run, as the bank has to be told and an admin reads it.
    struct Line: Sendable {
        let careLog: CareLog.ID
        let giver: Person.ID
        let receiver: Person.ID
        let pence: Int64
    }

    static func run(
        once key: String,
        in data: borrowing Snapshot
    ) throws -> PaymentRun.ID? {
        try data.value("SELECT id FROM transactions_payment_run WHERE once = \(key)")
    }

    static func find(
        _ id: PaymentRun.ID,
        in data: borrowing Snapshot
    ) throws -> PaymentRun? {
        try data.first(
            """
            SELECT id, started_at,
                   (SELECT count(*) FROM transactions_payment WHERE run = id),
                   (SELECT coalesce(sum(pence), 0) FROM transactions_payment WHERE run = id),
                   (SELECT count(*) FROM transactions_payment_left WHERE run = id)
            FROM transactions_payment_run
            WHERE id = \(id)
            """,
            run
        )
    }

    /// Newest first, a page at a time.
    static func all(
        before id: PaymentRun.ID?,
        limit: Int,
        in data: borrowing Snapshot
    ) throws -> [PaymentRun] {
        try data.all(
            """
            SELECT id, started_at,
                   (SELECT count(*) FROM transactions_payment WHERE run = id),
                   (SELECT coalesce(sum(pence), 0) FROM transactions_payment WHERE run = id),
                   (SELECT count(*) FROM transactions_payment_left WHERE run = id)
            FROM transactions_payment_run
            WHERE id < \(id?.rawValue ?? .max)
            ORDER BY id DESC
            LIMIT \(limit)
            """,
            run
        )
    }

    private static func run(_ row: borrowing Row) throws -> PaymentRun {
        PaymentRun(
            id: try row[0],
            startedAt: try row[1],
            paid: try row[2],
            pence: try row[3],
            left: try row[4]
        )
    }

    /// The run that paid a visit.
    static func run(
        paying log: CareLog.ID,
        in data: borrowing Snapshot
    ) throws -> PaymentRun.ID? {
        try data.value("SELECT run FROM transactions_payment WHERE care_log = \(log)")
    }

    static func lines(
        of run: PaymentRun.ID,
        in data: borrowing Snapshot
    ) throws -> [Line] {
        try data.all(
            """
            SELECT care_log, giver, receiver, pence
            FROM transactions_payment
            WHERE run = \(run)
            ORDER BY giver, care_log
            """
        ) { row in
            Line(
                careLog: try row[0],
                giver: try row[1],
                receiver: try row[2],
                pence: try row[3]
            )
        }
    }

    static func insert(
        _ id: PaymentRun.ID,
        startedBy person: Person.ID?,
        once key: String,
        in change: borrowing Change
    ) throws {
        try change.run(
            """
            INSERT INTO transactions_payment_run (id, started_by, started_at, once)
            VALUES (\(id), \(person), \(change.now), \(key))
            """
        )
    }

    static func insert(
        _ run: PaymentRun.ID,
        _ log: CareLog,
        _ pence: Int64,
        in change: borrowing Change
    ) throws {
        try change.run(
            """
            INSERT INTO transactions_payment (care_log, run, giver, receiver, pence)
            VALUES (\(log.id), \(run), \(log.giver), \(log.receiver), \(pence))
            """
        )
    }

    static func leave(
        _ run: PaymentRun.ID,
        _ log: CareLog.ID,
        _ pence: Int64,
        in change: borrowing Change
    ) throws {
        try change.run(
            """
            INSERT INTO transactions_payment_left (run, care_log, pence)
            VALUES (\(run), \(log), \(pence))
            """
        )
    }
}
