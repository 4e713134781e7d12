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
        /// Waits for the reader's own answer.
        let isAsked: Bool
        let canBook: Bool
    }

    /// What the reader asked of someone and waits for. All that is known is the name they typed.
    struct Asked: Sendable {
        let id: Asking.ID
        let name: String
        let role: Phrase
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
                isAsked: true,
                canBook: true
            )
        ],
        asked: [
            Asked(id: Asking.ID(rawValue: 1), name: "cora", role: Phrase("team.arranges"))
        ],
        usualRole: .getsSupport
    )

    let heading: Phrase
    let lines: [Line]
    let asked: [Asked]
    /// What someone new on this list is most often asked for.
    let usualRole: Asking.Role

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
                        "isAsked": .bool(line.isAsked),
                        "canBook": .bool(line.canBook),
                    ])
                }
            ),
            "asked": .list(
                asked.map { line in
                    .record([
                        "id": .text(line.id.description),
                        "name": .text(line.name),
                        "role": .text(words(line.role)),
                    ])
                }
            ),
            "isEmpty": .bool(lines.isEmpty && asked.isEmpty),
            "usualRole": .text(usualRole.rawValue),
        ]
    }
}
