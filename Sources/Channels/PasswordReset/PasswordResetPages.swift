package import Basics
package import Templating
package import Web

/// "I have forgotten my password": for whom?
package struct PasswordResetPage: Page {
    package static let template = "password-reset.html"
    package static let example = PasswordResetPage(
        form: Form([("name", "ben")]),
        errors: FormErrors("name", Phrase("identity.sign-in.name-missing"))
    )

    let form: Form
    package let errors: FormErrors

    package var title: Phrase { Phrase("password-reset.title") }

    package func record(_ words: Words) -> Record {
        ["name": form.field("name", errors, words)]
    }
}

/// "Look in your email", the same for every name that can be typed.
package struct PasswordResetSentPage: Page {
    package static let template = "password-reset/sent.html"
    package static let example = PasswordResetSentPage(mailbox: "/demonstration/mail")

    /// Where this community's mail can be read, in a demonstration; nil where it is really sent.
    let mailbox: String?

    package var title: Phrase { Phrase("verification.title") }

    package func record(_: Words) -> Record {
        ["mailbox": .optional(mailbox)]
    }
}

/// The page behind the link: the new password, twice.
package struct NewPasswordPage: Page {
    package static let template = "password-reset/new.html"
    package static let example = NewPasswordPage(
        token: "0c4f-abc",
        errors: FormErrors("password", Phrase("identity.password.short"))
    )

    let token: String
    package let errors: FormErrors

    package var title: Phrase { Phrase("password-reset.new.title") }

    package func record(_ words: Words) -> Record {
        [
            "link": .text(token),
            "password": Form().field("password", errors, words),
            "again": Form().field("again", errors, words),
        ]
    }
}
