package import Basics
import HTTPServer
package import Templating

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
package struct Surroundings {
    let settings: Site.Settings
    let files: StaticFiles
    let languages: Languages
    let words: Words
    let frame: Frame
    let page: any Page
    let path: String
    let token: String
    let note: String?

    var record: Record {
        [
            "lang": .text(words.code),
            "dir": .text(words.direction),
            "community": .text(settings.community),
            "title": .text(words(page.title)),
            "styles": .text(files.url("kith.css")),
            "script": .text(files.url("kith.js")),
            "icon": .text(files.url("favicon.svg")),
            "token": .text(token),
            "person": frame.personName.map { .text($0) } ?? .none,
            "menu": .list(frame.menu.map(link)),
            "tabs": .list(frame.tabs.map(link)),
            "flash": note.map { .text($0) } ?? .none,
            "errors": .list(
                page.errors.entries.map { entry in
                    .record([
                        "field": .text(entry.field),
                        "message": .text(words(entry.phrase)),
                    ])
                }
            ),
            "banner": page.banner.map(banner) ?? .none,
            "languages": .list(
                languages.codes.map { code in
                    .record([
                        "code": .text(code),
                        "label": .text(languages[code]?(Phrase("web.language")) ?? code),
                        "current": .bool(code == words.code),
                    ])
                }
            ),
            "path": .text(path),
            "version": .text(settings.version),
            "sourceURL": .text(settings.sourceURL),
        ]
    }

    private func link(_ link: Frame.Link) -> Value {
        .record([
            "href": .text(link.path),
            "label": .text(words(link.label)),
            "current": .bool(link.isCurrent),
        ])
    }

    private func banner(_ banner: Banner) -> Value {
        .record([
            "text": .text(words(banner.text)),
            "stopAction": .text(banner.stopAction),
            "stopLabel": .text(words(banner.stopLabel)),
        ])
    }
}
