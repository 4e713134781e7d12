package import Basics
import Identity
package import Templating
package import Web

/// A facilitator's page: whom they may help now, and a form to ask.
package struct HelpingPage: Page {
    struct Line: Sendable {
        let name: String
        let task: Grant.Task
        let state: Phrase
        /// Where the help happens, while the grant is open.
        let path: String?
    }

    package static let template = "helping.html"
    package static let example = HelpingPage(
        lines: [
            Line(
                name: "Ben Okafor",
                task: .moveBooking,
                state: Phrase("guidance.state.asked"),
                path: "/helping/0c4fq1zk8m3n7/bookings"
            )
        ],
        form: Form([("name", "ben"), ("minutes", "30")]),
        errors: FormErrors("name", Phrase("guidance.form.unknown"))
    )

    static let lengths: [Int64] = [15, 30, 60]

    let lines: [Line]
    let form: Form
    package let errors: FormErrors

    package var title: Phrase { Phrase("guidance.title") }

    package func record(_ words: Words) -> Record {
        [
            "lines": .list(
                lines.map { line in
                    .record([
                        "name": .text(line.name),
                        "task": .text(words(line.task.phrase)),
                        "state": .text(words(line.state)),
                        "path": line.path.map { .text($0) } ?? .none,
                    ])
                }
            ),
            "name": form.field("name", errors, words),
            "minutes": form.field("minutes", errors, words),
            "lengths": .list(
                HelpingPage.lengths.map { length in
                    .record([
                        "value": .text(String(length)),
                        "label": .text(words.minutes(Minutes(length))),
                        "checked": .bool(form["minutes"] == String(length)),
                    ])
                }
            ),
        ]
    }
}

extension Grant.Task {
    var phrase: Phrase { Phrase("grant.task.\(rawValue)") }
}
