import Basics
import Identity
import Store

enum NoticeStore {
    static func insert(
        _ person: Person.ID,
        _ kind: Notice.Kind,
        _ about: Person.ID?,
        _ reference: Int64,
        in change: borrowing Change
    ) throws -> Notice.ID {
        let id = change.newID(Notice.self)
        try change.run(
            """
            INSERT INTO channels_notice (id, person, kind, about, reference, made_at)
            VALUES (\(id), \(person), \(kind.rawValue), \(about), \(reference), \(change.now))
            """
        )
        return id
    }

    static func latest(
        for person: Person.ID,
        limit: Int,
        in data: borrowing Snapshot
    ) throws -> [Notice] {
        try data.all(
            """
            SELECT id, kind, about, reference, made_at, read_at
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
                isRead: readAt != nil
            )
        }
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
