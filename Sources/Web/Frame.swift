package import Basics
import Templating

/// What stands round a page for one person: their name, their menu, their tabs.
package struct Frame: Sendable {
    package struct Link: Sendable {
        package let path: String
        package let label: Phrase
        package let isCurrent: Bool

        package init(_ path: String, _ label: Phrase, isCurrent: Bool = false) {
            self.path = path
            self.label = label
            self.isCurrent = isCurrent
        }
    }

    package var personName: String?
    package var menu: [Link]
    package var tabs: [Link]

    package init(personName: String? = nil, menu: [Link] = [], tabs: [Link] = []) {
        self.personName = personName
        self.menu = menu
        self.tabs = tabs
    }
}

/// The record `site`, which every template may read.
struct Surroundings {
    let settings: Site.Settings
    let url: (String) -> String
    let languages: [(code: String, name: String)]
    let words: Words
    let frame: Frame
    let title: Phrase
    let errors: FormErrors
    let banner: Banner?
    let back: String
    let token: String
    let note: String?

    /// Everything filled, so that its shape is known.
    static func example(_ words: Words) -> Surroundings {
        let link = Frame.Link("/week", Phrase("web.example"), isCurrent: true)
        return Surroundings(
            settings: Site.Settings(
                community: "Kith",
                version: "1",
                sourceURL: "https://example.org/",
                tokenKey: [],
                isDevelopment: true
            ),
            url: { $0 },
            languages: [(words.code, "English")],
            words: words,
            frame: Frame(personName: "Ben Okafor", menu: [link], tabs: [link]),
            title: Phrase("web.example"),
            errors: FormErrors("name", Phrase("web.example")),
            banner: Banner(
                text: Phrase("web.example"),
                stopAction: "/",
                stopLabel: Phrase("web.example")
            ),
            back: "/",
            token: "token",
            note: "Done"
        )
    }

    var record: Record {
        [
            "lang": .text(words.code),
            "dir": .text(words.direction),
            "community": .text(settings.community),
            "title": .text(words(title)),
            "styles": .text(url("kith.css")),
            "script": .text(url("kith.js")),
            "icon": .text(url("favicon.svg")),
            "development": .optional(settings.isDevelopment ? url("development.js") : nil),
            "token": .text(token),
            "person": .optional(frame.personName),
            "menu": .list(frame.menu.map(link)),
            "tabs": .list(frame.tabs.map(link)),
            "flash": .optional(note),
            "errors": .list(
                errors.entries.map { entry -> Record in
                    ["field": .text(entry.field), "message": .text(words(entry.phrase))]
                }
            ),
            "banner": .optional(banner.map(record)),
            "languages": .list(
                languages.map { language -> Record in
                    [
                        "code": .text(language.code),
                        "label": .text(language.name),
                        "current": .bool(language.code == words.code),
                    ]
                }
            ),
            "back": .text(back),
            "version": .text(settings.version),
            "sourceURL": .text(settings.sourceURL),
        ]
    }

    private func link(_ link: Frame.Link) -> Record {
        [
            "href": .text(link.path),
            "label": .text(words(link.label)),
            "current": .bool(link.isCurrent),
        ]
    }

    private func record(_ banner: Banner) -> Record {
        [
            "text": .text(words(banner.text)),
            "stopAction": .text(banner.stopAction),
            "stopLabel": .text(words(banner.stopLabel)),
        ]
    }
}
