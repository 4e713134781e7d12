import Basics
import Identity
import Store

enum PostingStore {
    static func find(
        _ key: String,
        of person: Person.ID,
        in data: borrowing Snapshot
    ) throws -> (body: [UInt8], entry: Int64)? {
        try data.first(
            """
            SELECT body, entry
            FROM transactions_posting
            WHERE person = \(person) AND key = \(key)
            """
        ) { row in
            (body: try row[0], entry: try row[1])
        }
    }

    static func insert(
        _ key: String,
        of person: Person.ID,
        body: [UInt8],
        entry: Int64,
        in change: borrowing Change
    ) throws {
        try change.run(
            """
            INSERT INTO transactions_posting (person, key, body, entry)
            VALUES (\(person), \(key), \(body), \(entry))
            """
        )
    }
}
