package import Basics
import Relationships
package import Templating
package import Web

/// What people asked to do here and nobody has answered (HAT-11).
package struct HatRequestsPage: Page {
    struct Line: Sendable {
        let name: String
        let hat: Hat
        let day: CivilDay
        let path: String
    }

    package static let template = "hat-requests.html"
    package static let example = HatRequestsPage(
        count: 2,
        lines: [
            Line(
                name: "Cy Marsh",
                hat: .givingSupport,
                day: CivilDay(dayNumber: 20_776),
                path: "/hat-requests/0c4fq1zk8m3n7"
            )
        ],
        next: "/hat-requests?page=2"
    )

    let count: Int
    let lines: [Line]
    let next: String?

    package var title: Phrase { Phrase("hat-requests.title") }

    package func record(_ words: Words) -> Record {
        [
            "count": .int(count),
            "lines": .list(
                lines.map { line in
                    .record([
                        "name": .text(line.name),
                        "hat": .text(words(line.hat.phrase)),
                        "day": .text(words.day(line.day)),
                        "path": .text(line.path),
                    ])
                }
            ),
            "next": .optional(next),
        ]
    }
}

/// One person's requests, each with its yes and no.
package struct HatRequestPage: Page {
    package static let template = "hat-requests/show.html"
    package static let example = HatRequestPage(
        id: "0c4fq1zk8m3n7",
        name: "Cy Marsh",
        held: [.gettingSupport],
        asked: [HatsPage.Asked(hat: .givingSupport, day: CivilDay(dayNumber: 20_776))],
        form: Form([(reasonField(of: .givingSupport), "")]),
        errors: FormErrors(
            reasonField(of: .givingSupport),
            Phrase("hat-requests.reason-missing")
        )
    )

    let id: String
    let name: String
    let held: [Hat]
    let asked: [HatsPage.Asked]
    let form: Form
    package let errors: FormErrors

    package var title: Phrase { Phrase("hat-requests.title") }

    /// Several forms may stand on the page; each has a field of its own.
    static func reasonField(of hat: Hat) -> String { "reason-\(hat.rawValue)" }

    package func record(_ words: Words) -> Record {
        [
            "id": .text(id),
            "name": .text(name),
            "held": .list(held.map { .text(words($0.phrase)) }),
            "asked": .list(
                asked.map { line in
                    let reason = Self.reasonField(of: line.hat)
                    return .record([
                        "hat": .text(line.hat.rawValue),
                        "label": .text(words(line.hat.phrase)),
                        "day": .text(words.day(line.day)),
                        "reason": .record([
                            "name": .text(reason),
                            "value": .text(form[reason]),
                            "error": .text(errors[reason].map { words($0) } ?? ""),
                        ]),
                    ])
                }
            ),
        ]
    }
}
