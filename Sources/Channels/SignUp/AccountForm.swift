import Basics
import Identity
import Web

/// What a new person types about themselves.
struct AccountForm: Sendable {
    struct Checked: Sendable {
        let first: String
        let last: String
        let email: String
        let username: String
        let password: String
    }

    let form: Form

    func checked() throws(FormErrors) -> Checked {
        var errors = FormErrors()
        let checks: [(String, Phrase?)] = [
            ("first", PersonRules.name(form["first"], missing: "join.account.first-missing")),
            ("last", PersonRules.name(form["last"], missing: "join.account.last-missing")),
            ("email", PersonRules.email(form["email"])),
            ("username", PersonRules.username(form["username"])),
            ("password", PersonRules.password(form.exact("password"))),
        ]
        for (field, problem) in checks {
            if let problem { errors.add(field, problem) }
        }
        try errors.throwIfAny()
        return Checked(
            first: form["first"],
            last: form["last"],
            email: form["email"],
            username: form["username"],
            password: form.exact("password")
        )
    }
}
