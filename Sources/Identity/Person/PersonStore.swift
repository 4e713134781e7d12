import Basics
import Store

enum PersonStore {
    static func find(_ id: Person.ID, in data: borrowing Snapshot) throws -> Person? {
        try data.first(
            """
            SELECT id, email_verified_at, language
            FROM identity_person
            WHERE id = \(id)
            """,
            person
        )
    }

    static func insert(
        _ id: Person.ID,
        _ sealed: SealedPerson,
        in change: borrowing Change
    ) throws {
        try change.run(
            """
            INSERT INTO identity_person
                (id, preferred_name, family_name, username, username_index, email, email_index,
                 password_hash, language, created_at)
            VALUES
                (\(id), \(sealed.preferredName), \(sealed.familyName), \(sealed.username),
                 \(sealed.usernameIndex), \(sealed.email), \(sealed.emailIndex),
                 \(sealed.passwordHash), \(sealed.language), \(change.now))
            """
        )
    }

    static func verifyEmail(of id: Person.ID, in change: borrowing Change) throws {
        try change.run(
            """
            UPDATE identity_person
            SET email_verified_at = \(change.now)
            WHERE id = \(id) AND email_verified_at IS NULL
            """
        )
    }

    static func setPasswordHash(
        _ hash: String,
        of id: Person.ID,
        in change: borrowing Change
    ) throws {
        try change.run(
            "UPDATE identity_person SET password_hash = \(hash) WHERE id = \(id)"
        )
    }

    static func names(
        of id: Person.ID,
        in data: borrowing Snapshot
    ) throws -> (preferred: Sealed, family: Sealed)? {
        try data.first(
            "SELECT preferred_name, family_name FROM identity_person WHERE id = \(id)"
        ) { row in
            (preferred: try row[0], family: try row[1])
        }
    }

    static func email(of id: Person.ID, in data: borrowing Snapshot) throws -> Sealed? {
        try data.value("SELECT email FROM identity_person WHERE id = \(id)")
    }

    static func isTaken(
        usernameIndex: [UInt8],
        in data: borrowing Snapshot
    ) throws -> Bool {
        let found: Int64? = try data.value(
            "SELECT 1 FROM identity_person WHERE username_index = \(usernameIndex)"
        )
        return found != nil
    }

    static func owner(
        ofEmailIndex index: [UInt8],
        in data: borrowing Snapshot
    ) throws -> Person.ID? {
        try data.value("SELECT id FROM identity_person WHERE email_index = \(index)")
    }

    static func credential(
        index: [UInt8],
        in data: borrowing Snapshot
    ) throws -> Credential? {
        try data.first(
            """
            SELECT id, password_hash, email_verified_at
            FROM identity_person
            WHERE username_index = \(index) OR email_index = \(index)
            """
        ) { row in
            let verifiedAt: Instant? = try row[2]
            return Credential(
                person: try row[0],
                passwordHash: try row[1],
                isEmailVerified: verifiedAt != nil
            )
        }
    }

    private static func person(_ row: borrowing Row) throws -> Person {
        let verifiedAt: Instant? = try row[1]
        return Person(id: try row[0], isEmailVerified: verifiedAt != nil, language: try row[2])
    }
}

struct SealedPerson: Sendable {
    let preferredName: Sealed
    let familyName: Sealed
    let username: Sealed
    let usernameIndex: [UInt8]
    let email: Sealed
    let emailIndex: [UInt8]
    let passwordHash: String
    let language: String
}

struct Credential: Sendable {
    let person: Person.ID
    let passwordHash: String
    let isEmailVerified: Bool
}
