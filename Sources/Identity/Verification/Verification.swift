package import Basics
import Events
package import Store

/// Proving that an email address is the person's own, by a link that is good for five minutes
/// (AUT-07) and works once.
package struct Verifications: Sendable {
    /// A link has to be sent. Carries no token: the sender computes it when it sends.
    package struct Needed: Event {
        package static let name = "identity.verification-needed"
        package let verification: Identifier<Verifications>
        package let person: Person.ID
    }

    static let lifeMinutes: Int64 = 5
    /// Whoever asks again sooner gets no further letter: the one on its way will do.
    static let pauseMinutes: Int64 = 1

    private let token: LinkToken<Verifications>

    package init(key: [UInt8]) {
        token = LinkToken(key: key, purpose: "verification")
    }

    /// Makes a fresh link and asks for it to be sent, unless one was only just sent.
    package func begin(for person: Person.ID, in change: borrowing Change) throws {
        guard try !wasJustBegun(for: person, in: change) else { return }
        let id = change.newID(Verifications.self)
        let endsAt = change.now.adding(minutes: Self.lifeMinutes)
        try change.run(
            """
            INSERT INTO identity_verification (id, person, ends_at)
            VALUES (\(id), \(person), \(endsAt))
            """
        )
        try change.record(Needed(verification: id, person: person))
    }

    private func wasJustBegun(
        for person: Person.ID,
        in change: borrowing Change
    ) throws -> Bool {
        let young = change.now.adding(minutes: Self.lifeMinutes - Self.pauseMinutes)
        let found: Int64? = try change.snapshot.value(
            """
            SELECT 1
            FROM identity_verification
            WHERE person = \(person) AND used_at IS NULL AND ends_at > \(young)
            LIMIT 1
            """
        )
        return found != nil
    }

    package func token(for id: Identifier<Verifications>) -> String { token.text(for: id) }

    /// Uses a link up. Wrong, used and late ones look the same.
    package func use(_ text: String, in change: borrowing Change) throws -> Person.ID {
        guard let id = token.id(of: text) else { throw VerificationRefusal.linkOver }
        let found: Person.ID? = try change.snapshot.value(
            """
            SELECT person
            FROM identity_verification
            WHERE id = \(id) AND used_at IS NULL AND ends_at > \(change.now)
            """
        )
        guard let person = found else { throw VerificationRefusal.linkOver }
        try change.run(
            "UPDATE identity_verification SET used_at = \(change.now) WHERE id = \(id)"
        )
        try PersonStore.verifyEmail(of: person, in: change)
        try Audit.record(
            .verified,
            .account,
            about: person,
            actor: person,
            because: .own,
            in: change
        )
        return person
    }
}

package enum VerificationRefusal: Refusal {
    case linkOver

    package var kind: RefusalKind { .conflict }
    package var phrase: Phrase { Phrase("identity.verification.over") }
}
