package import Basics
import Identity
package import Templating
package import Web

/// The first question: the invitation code.
package struct JoinPage: Page {
    package static let template = "join.html"
    package static let example = JoinPage(
        ways: OtherWays(telephone: "01632 960 001", post: "1 Example Street"),
        form: Form([("code", "hatstand")]),
        errors: FormErrors("code", Phrase("join.code.wrong"))
    )

    let ways: OtherWays
    let form: Form
    package let errors: FormErrors

    package var title: Phrase { Phrase("join.title") }

    package func record(_ words: Words) -> Record {
        [
            "code": form.field("code", errors, words),
            "otherWays": .bool(ways.telephone != nil || ways.post != nil),
            "telephone": .optional(ways.telephone),
            "post": .optional(ways.post),
        ]
    }
}

/// The second: getting or giving support.
package struct JoinSupportPage: Page {
    package static let template = "join/support.html"
    package static let example = JoinSupportPage(
        form: Form([("support", "getting-support")]),
        errors: FormErrors("support", Phrase("join.support.missing"))
    )

    let form: Form
    package let errors: FormErrors

    package var title: Phrase { Phrase("join.support.title") }

    package func record(_ words: Words) -> Record {
        ["support": form.field("support", errors, words)]
    }
}

/// The third: where.
package struct JoinPostcodePage: Page {
    package static let template = "join/postcode.html"
    package static let example = JoinPostcodePage(
        form: Form([("postcode", "HX7 8AA")]),
        errors: FormErrors("postcode", Phrase("join.postcode.shape"))
    )

    let form: Form
    package let errors: FormErrors

    package var title: Phrase { Phrase("join.postcode.title") }

    package func record(_ words: Words) -> Record {
        ["postcode": form.field("postcode", errors, words)]
    }
}

/// Where we are not yet, and what to do instead.
package struct JoinNotCoveredPage: Page {
    package static let template = "join/not-covered.html"
    package static let example = JoinNotCoveredPage(areas: ["HX", "OL14", "OL16"])

    let areas: [String]

    package var title: Phrase { Phrase("join.not-covered.title") }

    package func record(_: Words) -> Record {
        ["areas": .list(areas.map { .text($0) })]
    }
}

/// The last: who.
package struct JoinAccountPage: Page {
    package static let template = "join/account.html"
    package static let example = JoinAccountPage(
        form: Form([
            ("first", "Freddie"), ("last", "Holt"), ("email", "freddie@example.org"),
            ("username", "freddie"),
        ]),
        errors: FormErrors("username", Phrase("identity.username.missing"))
    )

    let form: Form
    package let errors: FormErrors

    package var title: Phrase { Phrase("join.account.title") }

    package func record(_ words: Words) -> Record {
        [
            "first": form.field("first", errors, words),
            "last": form.field("last", errors, words),
            "email": form.field("email", errors, words),
            "username": form.field("username", errors, words),
            "password": Form().field("password", errors, words),
        ]
    }
}
