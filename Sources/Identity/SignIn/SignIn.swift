import Basics
import Crypto
import Store
import Web

/// Signing in with a username or an email address and a password (AUT-05). A wrong name and a
/// wrong password cost the same time and get the same answer.
struct SignIn: Sendable {
    enum Outcome: Sendable {
        case signedIn(Person.ID, SiteCookie)
        /// Right, but the email address is not confirmed yet: a fresh link is on its way.
        case confirmFirst
        case wrong
    }

    let database: Database
    let records: Records
    let sessions: Sessions
    let attempts: Attempts
    let verifications: Verifications
    let time: TimeSource

    func signIn(
        name: String,
        password: String,
        from address: String,
        replacing old: String?
    ) throws -> Outcome {
        let target = name.lowercased()
        let credential = try database.read { data in
            try attempts.check(target, from: address, at: time.now(), in: data)
            return try found(name, in: data)
        }
        let hash = credential?.passwordHash ?? PasswordHash.ofNobody
        let isRight = try PasswordHash.verify(password, against: hash)
        guard let credential, isRight else {
            try database.write { change in
                try attempts.failed(target, from: address, in: change)
                try Audit.record(
                    .signInFailed,
                    .session,
                    about: credential?.person,
                    actor: nil,
                    because: .platform,
                    in: change
                )
            }
            return .wrong
        }
        return try database.write { change in
            try attempts.succeeded(target, from: address, in: change)
            guard credential.isEmailVerified else {
                try verifications.begin(for: credential.person, in: change)
                return .confirmFirst
            }
            let cookie = try sessions.begin(
                for: credential.person,
                replacing: old,
                in: change
            )
            try Audit.record(
                .signedIn,
                .session,
                about: credential.person,
                actor: credential.person,
                because: .own,
                in: change
            )
            return .signedIn(credential.person, cookie)
        }
    }

    private func found(
        _ name: String,
        in data: borrowing Snapshot
    ) throws -> Credential? {
        let column = name.contains("@") ? "email" : "username"
        return try PersonStore.credential(
            index: records.blindIndex(name, column: column),
            in: data
        )
    }
}
