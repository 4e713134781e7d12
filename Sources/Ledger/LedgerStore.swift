import Basics
import Store

enum LedgerStore {
    // MARK: Accounts

    static func account(
        _ kind: AccountKind,
        _ owner: Int64,
        in data: borrowing Snapshot
    ) throws -> Account? {
        try data.first(
            """
            SELECT id, kind, owner, currency, floor, balance
            FROM ledger_account
            WHERE kind = \(kind.name) AND owner = \(owner) AND currency = \(kind.currency.rawValue)
            """,
            account
        )
    }

    static func account(_ id: Account.ID, in data: borrowing Snapshot) throws -> Account? {
        try data.first(
            """
            SELECT id, kind, owner, currency, floor, balance
            FROM ledger_account
            WHERE id = \(id)
            """,
            account
        )
    }

    static func accounts(in data: borrowing Snapshot) throws -> [Account] {
        try data.all(
            """
            SELECT id, kind, owner, currency, floor, balance
            FROM ledger_account
            ORDER BY kind, owner, currency
            """,
            account
        )
    }

    static func accounts(
        _ kind: AccountKind,
        after owner: Int64,
        limit: Int,
        in data: borrowing Snapshot
    ) throws -> [Account] {
        try data.all(
            """
            SELECT id, kind, owner, currency, floor, balance
            FROM ledger_account
            WHERE kind = \(kind.name) AND currency = \(kind.currency.rawValue)
              AND owner > \(owner)
            ORDER BY owner
            LIMIT \(limit)
            """,
            account
        )
    }

    static func insert(
        _ kind: AccountKind,
        _ owner: Int64,
        _ id: Account.ID,
        in change: borrowing Change
    ) throws {
        try change.run(
            """
            INSERT INTO ledger_account (id, kind, owner, currency, floor, opened_at)
            VALUES (\(id), \(kind.name), \(owner), \(kind.currency.rawValue), \(kind.floor),
                    \(change.now))
            """
        )
    }

    private static func account(_ row: borrowing Row) throws -> Account {
        let currency: String = try row[3]
        guard let currency = Currency(rawValue: currency) else {
            throw LedgerCodeUnknown(text: currency)
        }
        return Account(
            id: try row[0],
            kind: try row[1],
            owner: try row[2],
            currency: currency,
            floor: try row[4],
            balance: try row[5]
        )
    }

    // MARK: Entries

    static func last(
        in data: borrowing Snapshot
    ) throws -> (number: Int64, recordedAt: Instant)? {
        try data.first(
            "SELECT number, recorded_at FROM ledger_entry ORDER BY number DESC LIMIT 1"
        ) { row in
            (number: try row[0], recordedAt: try row[1])
        }
    }

    static func entry(number: Int64, in data: borrowing Snapshot) throws -> Entry? {
        try data.first(
            """
            SELECT number, kind, key, reference, effective_at, recorded_at, reverses
            FROM ledger_entry
            WHERE number = \(number)
            """,
            head
        ).map { try entry($0, in: data) }
    }

    static func entry(key: String, in data: borrowing Snapshot) throws -> Entry? {
        try data.first(
            """
            SELECT number, kind, key, reference, effective_at, recorded_at, reverses
            FROM ledger_entry
            WHERE key = \(key)
            """,
            head
        ).map { try entry($0, in: data) }
    }

    static func count(of kind: String, in data: borrowing Snapshot) throws -> Int64 {
        try data.value("SELECT count(*) FROM ledger_entry WHERE kind = \(kind)") ?? 0
    }

    static func reversal(of number: Int64, in data: borrowing Snapshot) throws -> Entry? {
        try data.first(
            """
            SELECT number, kind, key, reference, effective_at, recorded_at, reverses
            FROM ledger_entry
            WHERE reverses = \(number)
            """,
            head
        ).map { try entry($0, in: data) }
    }

    static func each(
        in data: borrowing Snapshot,
        _ body: (Entry) throws -> Void
    ) throws {
        var last = Int64.min
        while true {
            let page = try entries(after: last, limit: 1000, in: data)
            for entry in page { try body(entry) }
            guard let end = page.last else { return }
            last = end.number
        }
    }

    static func entries(
        after number: Int64,
        limit: Int,
        in data: borrowing Snapshot
    ) throws -> [Entry] {
        let heads = try data.all(
            """
            SELECT number, kind, key, reference, effective_at, recorded_at, reverses
            FROM ledger_entry
            WHERE number > \(number)
            ORDER BY number
            LIMIT \(limit)
            """,
            head
        )
        return try heads.map { try entry($0, in: data) }
    }

    static func insert(_ entry: Entry, in change: borrowing Change) throws {
        try change.run(
            """
            INSERT INTO ledger_entry
                (number, kind, reference, effective_at, recorded_at, key, reverses)
            VALUES
                (\(entry.number), \(entry.kind), \(entry.reference), \(entry.effectiveAt),
                 \(entry.recordedAt), \(entry.key), \(entry.reverses))
            """
        )
        for (place, leg) in entry.legs.enumerated() {
            try change.run(
                """
                INSERT INTO ledger_leg (entry, place, account, amount)
                VALUES (\(entry.number), \(place), \(leg.account.id), \(leg.amount))
                """
            )
        }
    }

    /// The latest lines, each with the balance after it: what the balance is now, less what came
    /// since. So the first page costs the same however long the account has been kept, and an older
    /// one as much as there is after it.
    static func statement(
        _ kind: AccountKind,
        _ owner: Int64,
        before number: Int64,
        limit: Int,
        in data: borrowing Snapshot
    ) throws -> [StatementLine] {
        try data.all(
            """
            WITH account AS MATERIALIZED
                     (SELECT id, balance
                      FROM ledger_account
                      WHERE kind = \(kind.name) AND owner = \(owner)
                        AND currency = \(kind.currency.rawValue)),
                 newer AS MATERIALIZED
                     (SELECT coalesce(sum(amount), 0) AS amount
                      FROM ledger_leg
                      WHERE account = (SELECT id FROM account) AND entry >= \(number)),
                 latest AS MATERIALIZED
                     (SELECT entry, sum(amount) AS amount
                      FROM ledger_leg
                      WHERE account = (SELECT id FROM account) AND entry < \(number)
                      GROUP BY entry
                      ORDER BY entry DESC
                      LIMIT \(limit))
            SELECT latest.entry, ledger_entry.kind, ledger_entry.reference,
                   ledger_entry.effective_at, ledger_entry.recorded_at, latest.amount,
                   (SELECT balance FROM account) - (SELECT amount FROM newer)
                       - coalesce(sum(latest.amount) OVER (ORDER BY latest.entry DESC
                             ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
            FROM latest
            JOIN ledger_entry ON ledger_entry.number = latest.entry
            ORDER BY latest.entry DESC
            """
        ) { row in
            StatementLine(
                entry: try row[0],
                kind: try row[1],
                reference: try row[2],
                effectiveAt: try row[3],
                recordedAt: try row[4],
                amount: Money(minor: try row[5], kind.currency),
                balanceAfter: Money(minor: try row[6], kind.currency)
            )
        }
    }

    private struct Head {
        let number: Int64
        let kind: String
        let key: String
        let reference: Int64?
        let effectiveAt: Instant
        let recordedAt: Instant
        let reverses: Int64?
    }

    private static func head(_ row: borrowing Row) throws -> Head {
        Head(
            number: try row[0],
            kind: try row[1],
            key: try row[2],
            reference: try row[3],
            effectiveAt: try row[4],
            recordedAt: try row[5],
            reverses: try row[6]
        )
    }

    private static func entry(_ head: Head, in data: borrowing Snapshot) throws -> Entry {
        let legs = try data.all(
            """
            SELECT ledger_account.id, kind, owner, currency, floor, balance, amount
            FROM ledger_leg
            JOIN ledger_account ON ledger_account.id = ledger_leg.account
            WHERE entry = \(head.number)
            ORDER BY place
            """
        ) { row in
            Leg(account: try account(row), amount: try row[6])
        }
        return Entry(
            number: head.number,
            request: EntryRequest(
                kind: head.kind,
                key: head.key,
                reference: head.reference,
                effectiveAt: head.effectiveAt,
                reverses: head.reverses,
                legs: legs
            ),
            recordedAt: head.recordedAt
        )
    }
}

/// The store holds a code that this version does not know.
struct LedgerCodeUnknown: Error {
    let text: String
}
