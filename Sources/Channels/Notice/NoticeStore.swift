import Basics
import Identity
import Relationships
import Store

enum NoticeStore {
    static func insert(
        _ person: Person.ID,
        _ kind: Notice.Kind,
        _ about: Person.ID?,
        _ reference: Int64,
        _ details: Notice.Details,
        in change: borrowing Change
    ) throws -> Notice.ID {
        let id = change.newID(Notice.self)
        try change.run(
            """
            INSERT INTO channels_notice
                (id, person, kind, about, reference, made_at, actor, acted_for, starts_at, ends_at,
                 started_at, ended_at, hat)
            VALUES
                (\(id), \(person), \(kind.rawValue), \(about), \(reference), \(change.now),
                 \(details.actor), \(details.actedFor), \(details.time?.startsAt),
                 \(details.time?.endsAt), \(details.before?.startsAt), \(details.before?.endsAt),
                 \(details.hat?.rawValue))
            """
        )
        return id
    }

    static func delete(
        _ person: Person.ID,
        _ kind: Notice.Kind,
        _ reference: Int64,
        in change: borrowing Change
    ) throws {
        try change.run(
            """
            DELETE FROM channels_notice
            WHERE person = \(person) AND kind = \(kind.rawValue) AND reference = \(reference)
            """
        )
    }

    static func latest(
        for person: Person.ID,
        limit: Int,
        in data: borrowing Snapshot
    ) throws -> [Notice] {
        try data.all(
            """
            SELECT id, kind, about, reference, made_at, read_at, actor, acted_for, starts_at,
                   ends_at, started_at, ended_at, hat
            FROM channels_notice
            WHERE person = \(person)
            ORDER BY made_at DESC, id DESC
            LIMIT \(limit)
            """
        ) { row in
            let kind: String = try row[1]
            let readAt: Instant? = try row[5]
            guard let kind = Notice.Kind(rawValue: kind) else {
                throw UnknownNotice(kind: kind)
            }
            return Notice(
                id: try row[0],
                kind: kind,
                about: try row[2],
                reference: try row[3],
                madeAt: try row[4],
                isRead: readAt != nil,
                details: try details(row)
            )
        }
    }

    private static func details(_ row: borrowing Row) throws -> Notice.Details {
        let hat: String? = try row[12]
        return Notice.Details(
            actor: try row[6],
            actedFor: try row[7],
            time: try time(row[8], row[9]),
            before: try time(row[10], row[11]),
            hat: hat.flatMap(Hat.init)
        )
    }

    private static func time(_ start: Instant?, _ end: Instant?) throws -> BookedTime? {
        guard let start, let end else { return nil }
        return BookedTime(startsAt: start, endsAt: end)
    }

    static func countUnread(_ person: Person.ID, in data: borrowing Snapshot) throws -> Int {
        try data.value(
            "SELECT count(*) FROM channels_notice WHERE person = \(person) AND read_at IS NULL"
        ) ?? 0
    }

    static func readAll(_ person: Person.ID, in change: borrowing Change) throws {
        try change.run(
            """
            UPDATE channels_notice
            SET read_at = \(change.now)
            WHERE person = \(person) AND read_at IS NULL
            """
        )
    }
}

struct UnknownNotice: Error {
    let kind: String
}
