import Basics
import Identity
import Store

enum SignUpStore {
    static func find(_ hash: [UInt8], in data: borrowing Snapshot) throws -> SignUp.Answers? {
        try data.first(
            "SELECT support, postcode, done_at FROM channels_sign_up WHERE token_hash = \(hash)"
        ) { row in
            let support: String? = try row[0]
            let doneAt: Instant? = try row[2]
            return SignUp.Answers(
                support: support.flatMap(SignUp.Support.init),
                postcode: try row[1],
                isDone: doneAt != nil
            )
        }
    }

    static func insert(_ hash: [UInt8], in change: borrowing Change) throws {
        try change.run(
            "INSERT INTO channels_sign_up (token_hash, begun_at) VALUES (\(hash), \(change.now))"
        )
    }

    static func setSupport(
        _ support: SignUp.Support,
        _ hash: [UInt8],
        in change: borrowing Change
    ) throws {
        try change.run(
            """
            UPDATE channels_sign_up SET support = \(support.rawValue) WHERE token_hash = \(hash)
            """
        )
    }

    static func setPostcode(
        _ postcode: String,
        _ hash: [UInt8],
        in change: borrowing Change
    ) throws {
        try change.run(
            "UPDATE channels_sign_up SET postcode = \(postcode) WHERE token_hash = \(hash)"
        )
    }

    /// Nothing of what was answered stays, only that it was used.
    static func finish(_ hash: [UInt8], in change: borrowing Change) throws {
        try change.run(
            """
            UPDATE channels_sign_up SET support = NULL, postcode = NULL, done_at = \(change.now)
            WHERE token_hash = \(hash)
            """
        )
    }

    static func deleteAll(before: Instant, in change: borrowing Change) throws {
        try change.run("DELETE FROM channels_sign_up WHERE begun_at < \(before)")
    }

    static func join(
        _ person: Person.ID,
        _ support: SignUp.Support,
        postcode: Sealed,
        in change: borrowing Change
    ) throws {
        try change.run(
            """
            INSERT INTO channels_joining (person, support, postcode, joined_at)
            VALUES (\(person), \(support.rawValue), \(postcode), \(change.now))
            """
        )
    }
}
