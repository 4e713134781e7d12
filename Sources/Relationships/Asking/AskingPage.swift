package import Basics
package import Templating
package import Web

package struct AskingPage: Page {
    package static let template = "relationships/new.html"
    package static let example = AskingPage(
        form: Form([("name", "ada"), ("role", "gets-support"), ("rate", "16.00")]),
        errors: FormErrors("name", Phrase("asking.form.already"))
    )

    let form: Form
    package let errors: FormErrors

    package var title: Phrase { Phrase("asking.title") }

    package func record(_ words: Words) -> Record {
        [
            "name": form.field("name", errors, words),
            "rate": form.field("rate", errors, words),
            "role": form.field("role", errors, words),
            "roles": .list(
                Asking.Role.allCases.map { role in
                    .record([
                        "value": .text(role.rawValue),
                        "label": .text(words(Phrase("asking.role.\(role.rawValue)"))),
                        "checked": .bool(form["role"] == role.rawValue),
                    ])
                }
            ),
        ]
    }
}
