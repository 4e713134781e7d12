package import Basics
import Identity
package import Templating
import Web

/// "Who has looked at my record": everyone, when, and why they were allowed to (AUD-10).
package struct RecordPage: Page {
    struct Line: Sendable {
        let day: CivilDay
        let time: CivilTime
        let name: String?
        let hat: Phrase?
        let deed: Phrase
        let because: Phrase
        let path: String?
    }

    package static let template = "record.html"
    package static var example: RecordPage {
        RecordPage(
            lines: [
                Line(
                    day: CivilDay(dayNumber: 20_776),
                    time: CivilTime(hour: 8, minute: 52) ?? .midnight,
                    name: "Ada Whitaker",
                    hat: Phrase("hat.giving-support"),
                    deed: Phrase("deed.viewed.visits"),
                    because: Phrase("deed.because.gives-support"),
                    path: "/bookings/0c4fq1zk8m3n7"
                )
            ],
            older: "/record?before=120"
        )
    }

    let lines: [Line]
    let older: String?

    package var title: Phrase { Phrase("record.title") }

    package func record(_ words: Words) -> Record {
        [
            "lines": .list(
                lines.map { line in
                    .record([
                        "when": .text("\(words.day(line.day)), \(words.time(line.time))"),
                        "name": .text(line.name ?? words(Phrase("record.the-platform"))),
                        "hat": line.hat.map { .text(words($0)) } ?? .none,
                        "deed": .text(words(line.deed)),
                        "because": .text(words(line.because)),
                        "path": line.path.map { .text($0) } ?? .none,
                    ])
                }
            ),
            "older": older.map { .text($0) } ?? .none,
        ]
    }
}
