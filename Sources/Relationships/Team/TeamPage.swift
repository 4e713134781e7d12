package import Basics
package import Templating
import Web

/// The people round someone: "Your team" for who gets support, "Your people" for who gives or
/// arranges it.
package struct TeamPage: Page {
    struct Line: Sendable {
        let relationship: Relationship.ID
        let name: String
        let role: Phrase
        let rate: Money?
        let state: Relationship.State
        /// Waits for the reader's own answer.
        let isAsked: Bool
        let canBook: Bool
    }

    package static let template = "team.html"
    package static let example = TeamPage(
        heading: Phrase("team.title"),
        lines: [
            Line(
                relationship: Relationship.ID(rawValue: 1),
                name: "Ada Whitaker",
                role: Phrase("team.gives"),
                rate: .pence(1600),
                state: .accepted,
                isAsked: true,
                canBook: true
            )
        ]
    )

    let heading: Phrase
    let lines: [Line]

    package var title: Phrase { heading }

    package func record(_ words: Words) -> Record {
        [
            "heading": .text(words(heading)),
            "lines": .list(
                lines.map { line in
                    .record([
                        "id": .text(line.relationship.description),
                        "name": .text(line.name),
                        "role": .text(words(line.role)),
                        "rate": line.rate.map {
                            .text(words(Phrase("team.rate", ["amount": .money($0)])))
                        } ?? .none,
                        "isPending": .bool(line.state == .pending),
                        "isAsked": .bool(line.isAsked),
                        "canBook": .bool(line.canBook),
                    ])
                }
            ),
        ]
    }
}
