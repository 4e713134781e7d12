import Basics
import Store

enum TokenStore {
    static func find(hash: [UInt8], in data: borrowing Snapshot) throws -> Token? {
        try data.first(
            """
            SELECT id, person, scope, made_at, ends_at, stopped_at
            FROM identity_token
            WHERE token_hash = \(hash)
            """,
            token
        )
    }

    static func find(_ id: Token.ID, in data: borrowing Snapshot) throws -> Token? {
        try data.first(
            """
            SELECT id, person, scope, made_at, ends_at, stopped_at
            FROM identity_token
            WHERE id = \(id)
            """,
            token
        )
    }

    static func all(of person: Person.ID, in data: borrowing Snapshot) throws -> [Token] {
        try data.all(
            """
            SELECT id, person, scope, made_at, ends_at, stopped_at
            FROM identity_token
            WHERE person = \(person)
            ORDER BY id
            """,
            token
        )
    }

    static func insert(_ token: Token, hash: [UInt8], in change: borrowing Change) throws {
        try change.run(
            """
            INSERT INTO identity_token (id, token_hash, person, scope, made_at, ends_at)
            VALUES (\(token.id), \(hash), \(token.person), \(token.scope.rawValue),
                    \(token.madeAt), \(token.endsAt))
            """
        )
    }

    static func stop(_ id: Token.ID, in change: borrowing Change) throws {
        try change.run(
            """
            UPDATE identity_token SET stopped_at = \(change.now)
            WHERE id = \(id) AND stopped_at IS NULL
            """
        )
    }

    private static func token(_ row: borrowing Row) throws -> Token {
        let code: String = try row[2]
        guard let scope = TokenScope(rawValue: code) else { throw UnknownCode(text: code) }
        return Token(
            id: try row[0],
            person: try row[1],
            scope: scope,
            madeAt: try row[3],
            endsAt: try row[4],
            stoppedAt: try row[5]
        )
    }
}
