import Basics
import Templating
import Web

/// Every page of the product, to be looked at with its example.
struct GalleryPage: Page {
    static let template = "development/gallery.html"

    let templates: [String]

    static var example: GalleryPage { GalleryPage(templates: ["week.html"]) }

    var title: Phrase { Phrase("web.gallery") }

    func record(_ words: Words) -> Record {
        [
            "pages": .list(
                templates.enumerated().map { number, template -> Record in
                    ["href": .text("/development/pages/\(number)"), "name": .text(template)]
                }
            )
        ]
    }
}
