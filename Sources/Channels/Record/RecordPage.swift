package import Basics
import Identity
package import Templating
import Web

/// "Who has looked at my record": everyone, when, and why they were allowed to (AUD-10).
package struct RecordPage: Page {
    struct Line: Sendable {
        let day: CivilDay
        /// Newest first; more than one where equal lines were folded.
        let times: [CivilTime]
        /// Nil where it was nobody signed in.
        let name: String?
        let nobody: Phrase
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
                    times: [
                        CivilTime(hour: 8, minute: 52) ?? .midnight,
                        CivilTime(hour: 8, minute: 50) ?? .midnight,
                    ],
                    name: "Ada Whitaker",
                    nobody: Phrase("record.the-platform"),
                    hat: Phrase("hat.giving-support"),
                    deed: Phrase("deed.viewed.visits"),
                    because: Phrase("deed.because.gives-support"),
                    path: "/bookings/0c4fq1zk8m3n7"
                )
            ],
            older: "/record?before=120",
            name: "Ben Okafor",
            day: CivilDay(dayNumber: 20_776),
            time: CivilTime(hour: 9, minute: 5) ?? .midnight
        )
    }

    let lines: [Line]
    let older: String?
    /// Whose record it is and when it was read, for whoever finds the printed list.
    let name: String
    let day: CivilDay
    let time: CivilTime

    package var title: Phrase { Phrase("record.title") }

    package func record(_ words: Words) -> Record {
        [
            "lines": .list(
                lines.map { line in
                    .record([
                        "when": .text(
                            "\(words.day(line.day)), \(line.times.first.map(words.time) ?? "")"
                        ),
                        "count": .int(line.times.count),
                        "isFolded": .bool(line.times.count > 1),
                        "times": .text(line.times.map(words.time).joined(separator: ", ")),
                        "name": .text(line.name ?? words(line.nobody)),
                        "hat": line.hat.map { .text(words($0)) } ?? .none,
                        "deed": .text(words(line.deed)),
                        "because": .text(words(line.because)),
                        "path": line.path.map { .text($0) } ?? .none,
                    ])
                }
            ),
            "older": older.map { .text($0) } ?? .none,
            "person": .text(name),
            "now": .text("\(words.fullDay(day)), \(words.time(time))"),
        ]
    }
}
