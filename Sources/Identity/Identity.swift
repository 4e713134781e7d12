package import Basics
package import Store
package import Vault
package import Web

/// People and what they are allowed: one identity a human being, sessions, permissions,
/// disclosures and the audit.
///
/// Only this module can make a `SignedIn` (who asks), an `Acting` (for whom) and a `Disclosure`
/// (the right to read something personal, which leaves a trace). It opens the vault; no module
/// above it can. It knows nothing of bookings or money: how people stand to one another is told
/// to it by a closure that `App` passes in.
package struct Identity: Sendable {
    package let records: Records
    package let sessions: Sessions
    package let attempts: Attempts
    package let verifications: Verifications
    package let passwordResets: PasswordResets
    package let tokens: Tokens
    private let signIn: SignInHandlers

    package init(
        database: Database,
        vault: Vault,
        time: TimeSource,
        random: RandomSource,
        tokenKey: [UInt8],
        standing: @escaping Records.Standing
    ) {
        records = Records(vault: vault, standing: standing)
        sessions = Sessions(database: database, time: time, random: random)
        attempts = Attempts(key: tokenKey)
        tokens = Tokens(time: time, random: random)
        verifications = Verifications(key: tokenKey)
        passwordResets = PasswordResets(
            key: tokenKey,
            records: records,
            sessions: sessions,
            attempts: attempts
        )
        signIn = SignInHandlers(
            signIn: SignIn(
                database: database,
                records: records,
                sessions: sessions,
                attempts: attempts,
                verifications: verifications,
                time: time
            )
        )
    }

    package func add(to routes: inout Routes) {
        signIn.add(to: &routes)
    }

    /// Who is asking: the program whose token is shown, or else the person whose session it is. A
    /// request with a token is never taken for a person's, whatever cookie came along.
    package func identify(
        _ request: Request,
        _ data: borrowing Snapshot
    ) throws -> (any Sendable)? {
        if Tokens.shown(request) != nil { return try tokens.identify(request, data) }
        return try sessions.identify(request, data)
    }

    package static var pages: [any Page.Type] { [SignInPage.self] }
}
