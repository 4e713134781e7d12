package import Basics
import Identity
package import Templating
import Web

/// The person's own page of permissions: what was asked, what is open, what is over.
package struct GrantsPage: Page {
    struct Line: Sendable {
        let id: Grant.ID
        let holder: String
        let task: Grant.Task
        let minutes: Minutes
        let state: Phrase
        let isAsked: Bool
        let isOpen: Bool
    }

    package static let template = "grants.html"
    package static let example = GrantsPage(lines: [
        Line(
            id: Grant.ID(rawValue: 1),
            holder: "Dot Achterberg",
            task: .moveBooking,
            minutes: Minutes(30),
            state: Phrase("guidance.state.asked"),
            isAsked: true,
            isOpen: true
        )
    ])

    let lines: [Line]

    package var title: Phrase { Phrase("grants.title") }

    package func record(_ words: Words) -> Record {
        [
            "lines": .list(
                lines.map { line in
                    .record([
                        "id": .text(line.id.description),
                        "holder": .text(line.holder),
                        "task": .text(words(line.task.phrase)),
                        "minutes": .text(words.minutes(line.minutes)),
                        "state": .text(words(line.state)),
                        "isAsked": .bool(line.isAsked),
                        "isOpen": .bool(line.isOpen),
                    ])
                }
            )
        ]
    }
}
