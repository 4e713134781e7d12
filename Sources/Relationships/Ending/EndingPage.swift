package import Basics
package import Templating
import Web

package struct EndingPage: Page {
    package static let template = "relationships/ending.html"
    package static let example = EndingPage(
        id: Relationship.ID(rawValue: 1),
        name: "Ada Whitaker",
        first: "Ada",
        coming: 3,
        hasVisits: true
    )

    let id: Relationship.ID
    let name: String
    let first: String
    /// How many visits are cancelled with it.
    let coming: Int
    /// Between these two there are visits, and not only someone's arranging.
    let hasVisits: Bool

    package var title: Phrase { Phrase("ending.title") }

    package func record(_: Words) -> Record {
        [
            "id": .text(id.description),
            "name": .text(name),
            "first": .text(first),
            "coming": .int(coming),
            "hasVisits": .bool(hasVisits),
        ]
    }
}
