package import Basics
import Events
package import Store
package import Web

/// A forgotten password: a link by letter, good for five minutes and for one use (AUT-02, AUT-06).
/// Nobody is told whether there is an account of the name they typed.
package struct PasswordResets: Sendable {
    /// A link has to be sent. Carries no token: the sender computes it when it sends.
    package struct Needed: Event {
        package static let name = "identity.password-reset-needed"
        package let reset: Identifier<PasswordResets>
        package let person: Person.ID
    }

    /// Someone chose a password by a link. Should it not have been they, they have to hear of it.
    package struct Used: Event {
        package static let name = "identity.password-reset-used"
        package let reset: Identifier<PasswordResets>
        package let person: Person.ID
    }

    static let lifeMinutes: Int64 = 5
    /// Whoever asks again sooner gets no further letter: the one on its way will do.
    static let pauseMinutes: Int64 = 1

    private let token: LinkToken<PasswordResets>
    private let records: Records
    private let sessions: Sessions
    private let attempts: Attempts

    package init(key: [UInt8], records: Records, sessions: Sessions, attempts: Attempts) {
        token = LinkToken(key: key, purpose: "password-reset")
        self.records = records
        self.sessions = sessions
        self.attempts = attempts
    }

    /// Sends a link to whoever has this username or email address, if anyone has. Each asking
    /// counts, whether or not there was somebody, so that the slowing tells nothing either.
    package func ask(_ name: String, from address: String, in change: borrowing Change) throws {
        let target = "password-reset\u{0}\(name.lowercased())"
        try attempts.check(target, from: address, at: change.now, in: change.snapshot)
        try attempts.failed(target, from: address, in: change)
        guard let person = try records.find(named: name, in: change.snapshot),
            try !wasJustAsked(for: person, in: change)
        else { return }
        let id = change.newID(PasswordResets.self)
        try change.run(
            """
            INSERT INTO identity_password_reset (id, person, ends_at)
            VALUES (\(id), \(person), \(change.now.adding(minutes: Self.lifeMinutes)))
            """
        )
        try Audit.record(
            .resetAsked,
            .account,
            about: person,
            actor: nil,
            because: .platform,
            in: change
        )
        try change.record(Needed(reset: id, person: person))
    }

    package func token(for id: Identifier<PasswordResets>) -> String { token.text(for: id) }

    package func isOpen(_ text: String, at now: Instant, in data: borrowing Snapshot) throws
        -> Bool
    {
        try person(of: text, at: now, in: data) != nil
    }

    /// Takes the new password. Every link and every session of the person ends, and a fresh
    /// session begins.
    package func use(
        _ text: String,
        passwordHash: String,
        in change: borrowing Change
    ) throws -> SiteCookie {
        guard let reset = token.id(of: text),
            let person = try person(of: text, at: change.now, in: change.snapshot)
        else { throw PasswordResetRefusal.linkOver }
        try change.run(
            """
            UPDATE identity_password_reset SET used_at = \(change.now)
            WHERE person = \(person) AND used_at IS NULL
            """
        )
        try PersonStore.setPasswordHash(passwordHash, of: person, in: change)
        // Whoever read the letter has shown that the address is theirs.
        try PersonStore.verifyEmail(of: person, in: change)
        try SessionStore.deleteAll(of: person, in: change)
        try Audit.record(
            .passwordReset,
            .account,
            about: person,
            actor: person,
            because: .own,
            in: change
        )
        try change.record(Used(reset: reset, person: person))
        return try sessions.begin(for: person, replacing: nil, in: change)
    }

    /// Wrong, used and late links look the same.
    private func person(
        of text: String,
        at now: Instant,
        in data: borrowing Snapshot
    ) throws -> Person.ID? {
        guard let id = token.id(of: text) else { return nil }
        return try data.value(
            """
            SELECT person
            FROM identity_password_reset
            WHERE id = \(id) AND used_at IS NULL AND ends_at > \(now)
            """
        )
    }

    private func wasJustAsked(
        for person: Person.ID,
        in change: borrowing Change
    ) throws -> Bool {
        let young = change.now.adding(minutes: Self.lifeMinutes - Self.pauseMinutes)
        let found: Int64? = try change.snapshot.value(
            """
            SELECT 1
            FROM identity_password_reset
            WHERE person = \(person) AND used_at IS NULL AND ends_at > \(young)
            LIMIT 1
            """
        )
        return found != nil
    }
}

package enum PasswordResetRefusal: Refusal {
    case linkOver

    package var kind: RefusalKind { .conflict }
    package var phrase: Phrase { Phrase("identity.password-reset.over") }
}
