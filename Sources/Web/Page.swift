package import Basics
package import Templating

/// The facts of one page, ready to be drawn. One `Page` fills one template.
package protocol Page: Sendable {
    /// Path below `Templates/`, named after the route: `relationships/ending.html` for
    /// `/relationships/{id}/ending`.
    static var template: String { get }
    /// A filled page. Templates are checked against it at start, tests and the gallery draw it.
    static var example: Self { get }

    /// The title of the document. Never anything private: it shows in history and tabs.
    var title: Phrase { get }
    /// What was wrong with the form on this page.
    var errors: FormErrors { get }
    /// The banner of someone acting for another, if this page is shown under a grant.
    var banner: Banner? { get }

    func record(_ words: Words) -> Record
}

extension Page {
    package var errors: FormErrors { FormErrors() }
    package var banner: Banner? { nil }
}

/// Says on each page who is acting for whom, until when, and lets them stop (GUI-01).
package struct Banner: Sendable {
    package let text: Phrase
    package let stopAction: String
    package let stopLabel: Phrase

    package init(text: Phrase, stopAction: String, stopLabel: Phrase) {
        self.text = text
        self.stopAction = stopAction
        self.stopLabel = stopLabel
    }
}
