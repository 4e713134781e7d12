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
        isAsked: true
    )

    let id: Relationship.ID
    let name: String
    let first: String
    /// How many visits are cancelled with it.
    let coming: Int
    /// It was asked for and not answered yet, so it is only taken back.
    let isAsked: Bool

    package var title: Phrase { Phrase("ending.title") }

    package func record(_: Words) -> Record {
        [
            "id": .text(id.description),
            "name": .text(name),
            "first": .text(first),
            "coming": .int(coming),
            "isAsked": .bool(isAsked),
        ]
    }
}
