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
        verifications = Verifications(key: tokenKey)
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

    package static var pages: [any Page.Type] { [SignInPage.self] }
}
