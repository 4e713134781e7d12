package import Basics
package import Templating
package import Web

package struct MakingPage: Page {
    /// One pair of people between whom a visit can be booked.
    struct Choice: Sendable {
        let relationship: Relationship.ID
        let label: Phrase
    }

    package static let template = "bookings/new.html"
    package static let example = MakingPage(
        choices: [
            Choice(
                relationship: Relationship.ID(rawValue: 1),
                label: Phrase("booking.form.with", ["name": .text("Ada Whitaker")])
            )
        ],
        form: Form([
            ("with", "0000000000001"), ("title", "Morning visit"), ("day", "2026-11-23"),
            ("start", "9:00"), ("end", "10:00"), ("place", "At home"), ("key", "4f1c"),
        ]),
        errors: FormErrors("end", Phrase("booking.form.end-first"))
    )

    let choices: [Choice]
    let form: Form
    package let errors: FormErrors

    package var title: Phrase { Phrase("booking.new.title") }

    package func record(_ words: Words) -> Record {
        let chosen = form["with"]
        return [
            "choices": .list(
                choices.map { choice in
                    .record([
                        "value": .text(choice.relationship.description),
                        "label": .text(words(choice.label)),
                        "checked": .bool(
                            chosen == choice.relationship.description || choices.count == 1
                        ),
                    ])
                }
            ),
            "with": form.field("with", errors, words),
            "title": form.field("title", errors, words),
            "day": form.field("day", errors, words),
            "start": form.field("start", errors, words),
            "end": form.field("end", errors, words),
            "place": form.field("place", errors, words),
            "key": .text(form["key"]),
        ]
    }
}
