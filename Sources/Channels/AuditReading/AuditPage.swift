package import Basics
import Identity
package import Templating
package import Web

/// The admin's reading of the audit, filtered by date, person and kind.
package struct AuditPage: Page {
    struct Line: Sendable {
        let day: CivilDay
        /// Newest first; more than one where equal lines were folded.
        let times: [CivilTime]
        let actor: String?
        /// What stands there where it was nobody signed in.
        let nobody: Phrase
        /// The same question about that person.
        let actorPath: String?
        let onBehalfOf: String?
        let subject: String?
        let subjectPath: String?
        let deed: Phrase
        let because: Phrase
        let position: Int64
    }

    package static let template = "audit.html"
    package static var example: AuditPage {
        AuditPage(
            form: Form([("from", "2026-11-01"), ("until", "2026-11-21"), ("person", "ben")]),
            errors: FormErrors("person", Phrase("audit.form.unknown")),
            person: "Ben Okafor",
            lines: [
                Line(
                    day: CivilDay(dayNumber: 20_776),
                    times: [
                        CivilTime(hour: 8, minute: 52) ?? .midnight,
                        CivilTime(hour: 8, minute: 50) ?? .midnight,
                    ],
                    actor: "Dot Achterberg",
                    nobody: Phrase("record.the-platform"),
                    actorPath: "/audit?person=0c4fq1zk8m3n7",
                    onBehalfOf: "Ben Okafor",
                    subject: "Ben Okafor",
                    subjectPath: "/audit?person=0c4fq1zk8m3n8",
                    deed: Phrase("audit.deed.moved"),
                    because: Phrase("audit.because.grant"),
                    position: 12
                )
            ],
            older: "/audit?before=12"
        )
    }

    let form: Form
    package let errors: FormErrors
    /// Whose lines these are, where one person was asked for.
    let person: String?
    let lines: [Line]
    let older: String?

    package var title: Phrase { Phrase("audit.title") }

    package func record(_ words: Words) -> Record {
        [
            "from": form.field("from", errors, words),
            "until": form.field("until", errors, words),
            "person": Form(errors.isEmpty ? [] : [("person", form["person"])])
                .field("person", errors, words),
            "chosen": .optional(person),
            "kinds": options(RecordKind.allCases.map { ($0.rawValue, Deed.kind($0)) }, words),
            "lines": .list(
                lines.map { line in
                    .record([
                        "when": .text(
                            "\(words.shortDay(line.day)), \(line.times.first.map(words.time) ?? "")"
                        ),
                        "count": .int(line.times.count),
                        "isFolded": .bool(line.times.count > 1),
                        "times": .text(line.times.map(words.time).joined(separator: ", ")),
                        "actor": .text(line.actor ?? words(line.nobody)),
                        "actorPath": line.actorPath.map { .text($0) } ?? .none,
                        "onBehalfOf": line.onBehalfOf.map { .text($0) } ?? .none,
                        "subject": .text(line.subject ?? "–"),
                        "subjectPath": line.subjectPath.map { .text($0) } ?? .none,
                        "deed": .text(words(line.deed)),
                        "reason": .text(words(line.because)),
                        "position": .int(Int(line.position)),
                    ])
                }
            ),
            "isNone": .bool(lines.isEmpty && errors.isEmpty),
            "kindError": .text(errors["kind"].map { words($0) } ?? ""),
            "older": older.map { .text($0) } ?? .none,
        ]
    }

    private func options(_ choices: [(String, Phrase)], _ words: Words) -> Value {
        .list(
            choices.map { code, phrase in
                .record([
                    "value": .text(code),
                    "label": .text(words(phrase)),
                    "selected": .bool(form["kind"] == code),
                ])
            }
        )
    }
}
