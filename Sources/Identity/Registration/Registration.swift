package import Basics
import Crypto
package import Store

/// Making a new identity (REG-01 to REG-06). It gives no hat; that is for the module above, in
/// the same change, so that half a person is impossible.
package enum Registration {
    /// What a new person has told, checked, with the password already hashed: hashing takes long
    /// and has no place in a change.
    package struct NewPerson: Sendable {
        package let preferredName: String
        package let familyName: String
        package let username: String
        package let email: String
        package let passwordHash: String
        package let language: String

        package init(
            preferredName: String,
            familyName: String,
            username: String,
            email: String,
            passwordHash: String,
            language: String
        ) {
            self.preferredName = preferredName
            self.familyName = familyName
            self.username = username
            self.email = email
            self.passwordHash = passwordHash
            self.language = language
        }
    }

    package static func register(
        _ new: NewPerson,
        with records: Records,
        in change: borrowing Change
    ) throws -> Person.ID {
        let usernameIndex = records.blindIndex(new.username, column: "username")
        let emailIndex = records.blindIndex(new.email, column: "email")
        guard try !PersonStore.isTaken(usernameIndex: usernameIndex, in: change.snapshot) else {
            throw RegistrationRefusal.usernameTaken
        }
        guard try PersonStore.owner(ofEmailIndex: emailIndex, in: change.snapshot) == nil else {
            throw RegistrationRefusal.emailTaken
        }
        let id = change.newID(Person.self)
        let seal = { (text: String, column: String, change: borrowing Change) throws -> Sealed in
            try records.seal(text, of: id, at: .person(id, column), in: change)
        }
        try PersonStore.insert(
            id,
            SealedPerson(
                preferredName: try seal(new.preferredName, "preferred_name", change),
                familyName: try seal(new.familyName, "family_name", change),
                username: try seal(new.username, "username", change),
                usernameIndex: usernameIndex,
                email: try seal(new.email, "email", change),
                emailIndex: emailIndex,
                passwordHash: new.passwordHash,
                language: new.language
            ),
            in: change
        )
        try Audit.record(
            .registered,
            .account,
            reference: id.rawValue,
            about: id,
            actor: id,
            because: .own,
            in: change
        )
        return id
    }

    /// A person made by the platform itself (the demonstration community): email known good.
    package static func confirm(_ id: Person.ID, in change: borrowing Change) throws {
        try PersonStore.verifyEmail(of: id, in: change)
    }
}

package enum RegistrationRefusal: Refusal {
    case usernameTaken
    case emailTaken

    package var kind: RefusalKind { .conflict }

    package var phrase: Phrase {
        switch self {
        case .usernameTaken: Phrase("identity.registration.username-taken")
        case .emailTaken: Phrase("identity.registration.email-taken")
        }
    }
}
