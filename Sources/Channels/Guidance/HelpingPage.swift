package import Basics
import Identity
package import Templating
package import Web

/// A facilitator's page: whom they may help now, and a form to ask.
package struct HelpingPage: Page {
    struct Line: Sendable {
        let id: Grant.ID
        /// Nil as long as the person has not allowed it: asking tells nothing about them.
        let name: String?
        let day: CivilDay
        let time: CivilTime
        let task: Grant.Task
        let state: Phrase
        /// Waits for an answer, and so can be taken back.
        let isAsked: Bool
        /// Where the help happens, while the grant is open.
        let path: String?
    }

    package static let template = "helping.html"
    package static let example = HelpingPage(
        lines: [
            Line(
                id: Grant.ID(rawValue: 1),
                name: "Ben Okafor",
                day: CivilDay(dayNumber: 20_778),
                time: .midnight,
                task: .moveBooking,
                state: Phrase("guidance.state.asked"),
                isAsked: true,
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
                        "id": .text(line.id.description),
                        "name": .text(line.name ?? words(Phrase("guidance.someone"))),
                        "asked": .text("\(words.day(line.day)), \(words.time(line.time))"),
                        "task": .text(words(line.task.phrase)),
                        "state": .text(words(line.state)),
                        "isAsked": .bool(line.isAsked),
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
