package import Basics
import Identity
import Store
package import Templating
import Web

package struct NoticesPage: Page {
    struct Line: Sendable {
        let text: Phrase
        /// Who did it, in a sentence of its own.
        let by: Phrase?
        let path: String
        let day: CivilDay
        let time: CivilTime
        let isRead: Bool
    }

    package static let template = "notices.html"
    package static var example: NoticesPage {
        NoticesPage(lines: [
            Line(
                text: Phrase(
                    "notice.booking-made",
                    ["name": .text("Ben"), "when": .phrase(Phrase("web.example"))]
                ),
                by: Phrase("notice.by", ["name": .text("Cora")]),
                path: "/bookings/0c4fq1zk8m3n7",
                day: CivilDay(dayNumber: 20_776),
                time: CivilTime(hour: 9, minute: 5) ?? .midnight,
                isRead: false
            )
        ])
    }

    let lines: [Line]

    package var title: Phrase { Phrase("notices.title") }

    package func record(_ words: Words) -> Record {
        [
            "lines": .list(
                lines.map { line in
                    .record([
                        "text": .text(words(line.text)),
                        "by": .optional(line.by.map { words($0) }),
                        "path": .text(line.path),
                        "when": .text("\(words.day(line.day)), \(words.time(line.time))"),
                        "isRead": .bool(line.isRead),
                    ])
                }
            ),
            "anyUnread": .bool(lines.contains { !$0.isRead }),
        ]
    }
}

struct NoticeHandlers: Sendable {
    let database: Database
    let records: Records
    let zone: CivilZone

    func add(to routes: inout Routes) {
        routes.get("/notices", for: .signedIn, show)
        routes.post("/notices/reading", for: .signedIn, readAll)
    }

    private func show(_: Request, _ person: SignedIn) throws -> Answer {
        try database.read { data in
            let notices = try NoticeStore.latest(for: person.id, limit: 50, in: data)
            let text = NoticeText(records: records, zone: zone, person: person)
            var lines: [NoticesPage.Line] = []
            for notice in notices {
                lines.append(
                    NoticesPage.Line(
                        text: try text.what(notice, in: data),
                        by: try text.whoDid(notice, in: data),
                        path: notice.path,
                        day: zone.day(of: notice.madeAt),
                        time: zone.time(of: notice.madeAt),
                        isRead: notice.isRead
                    )
                )
            }
            return .page(NoticesPage(lines: lines))
        }
    }

    private func readAll(_: Request, _ person: SignedIn) throws -> Answer {
        try database.write { change in
            try NoticeStore.readAll(person.id, in: change)
            return .seeOther("/notices", flash: "notices.read")
        }
    }
}
