import Basics
import Identity
import Store

enum ReceiptStore {
    static func find(_ id: Receipt.ID, in data: borrowing Snapshot) throws -> Receipt? {
        try data.first(
            """
            SELECT id, person, transactions_receipt.entry, pence, received_on, bank_text,
                   recorded_by, recorded_at, transactions_correction.entry, why, made_at,
                   transactions_correction.once
            FROM transactions_receipt
            LEFT JOIN transactions_correction ON receipt = id
            WHERE id = \(id)
            """,
            receipt
        )
    }

    /// What an earlier press of the same button recorded.
    static func made(once key: String, in data: borrowing Snapshot) throws -> Receipt? {
        let id: Receipt.ID? = try data.value(
            "SELECT id FROM transactions_receipt WHERE once = \(key)"
        )
        return try id.flatMap { try find($0, in: data) }
    }

    /// The receipt that an entry of the ledger recorded or took back; nil for any other entry.
    static func id(entry: Int64, in data: borrowing Snapshot) throws -> Receipt.ID? {
        try data.value(
            """
            SELECT id FROM transactions_receipt WHERE entry = \(entry)
            UNION ALL
            SELECT receipt FROM transactions_correction WHERE entry = \(entry)
            """
        )
    }

    /// Whether that much is recorded for that day already, and was not taken back.
    static func stands(
        _ amount: Money,
        on day: CivilDay,
        of person: Person.ID,
        in data: borrowing Snapshot
    ) throws -> Bool {
        let found: Receipt.ID? = try data.value(
            """
            SELECT id
            FROM transactions_receipt
            WHERE person = \(person) AND received_on = \(day) AND pence = \(amount.minor)
              AND NOT EXISTS (SELECT 1 FROM transactions_correction WHERE receipt = id)
            LIMIT 1
            """
        )
        return found != nil
    }

    static func all(in data: borrowing Snapshot) throws -> [Receipt] {
        try data.all(
            """
            SELECT id, person, transactions_receipt.entry, pence, received_on, bank_text,
                   recorded_by, recorded_at, transactions_correction.entry, why, made_at,
                   transactions_correction.once
            FROM transactions_receipt
            LEFT JOIN transactions_correction ON receipt = id
            ORDER BY id
            """,
            receipt
        )
    }

    static func insert(
        _ receipt: Receipt,
        once key: String,
        in change: borrowing Change
    ) throws {
        try change.run(
            """
            INSERT INTO transactions_receipt
                (id, person, entry, pence, received_on, bank_text, recorded_by, recorded_at, once)
            VALUES
                (\(receipt.id), \(receipt.person), \(receipt.entry), \(receipt.pence),
                 \(receipt.receivedOn), \(receipt.bankText), \(receipt.recordedBy),
                 \(receipt.recordedAt), \(key))
            """
        )
    }

    static func insert(
        _ reversal: Receipt.Reversal,
        of id: Receipt.ID,
        by person: Person.ID,
        in change: borrowing Change
    ) throws {
        try change.run(
            """
            INSERT INTO transactions_correction (receipt, entry, why, made_by, made_at, once)
            VALUES (\(id), \(reversal.entry), \(reversal.why), \(person), \(reversal.madeAt),
                    \(reversal.once))
            """
        )
    }

    private static func receipt(_ row: borrowing Row) throws -> Receipt {
        let reversing: Int64? = try row[8]
        return Receipt(
            id: try row[0],
            person: try row[1],
            entry: try row[2],
            pence: try row[3],
            receivedOn: try row[4],
            bankText: try row[5],
            recordedBy: try row[6],
            recordedAt: try row[7],
            reversal: try reversing.map { entry in
                Receipt.Reversal(
                    entry: entry,
                    why: try row[9],
                    madeAt: try row[10],
                    once: try row[11]
                )
            }
        )
    }
}
