package import Basics
import Identity
package import Templating
package import Web

/// The admin's reading of the audit, filtered by date, person and kind.
package struct AuditPage: Page {
    struct Line: Sendable {
        let day: CivilDay
        let time: CivilTime
        let actor: String?
        let onBehalfOf: String?
        let subject: String?
        let action: AuditAction
        let kind: RecordKind
        let reason: Reason
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
                    time: CivilTime(hour: 8, minute: 52) ?? .midnight,
                    actor: "Dot Achterberg",
                    onBehalfOf: "Ben Okafor",
                    subject: "Ben Okafor",
                    action: .moved,
                    kind: .booking,
                    reason: .grant,
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
        let platform = words(Phrase("record.the-platform"))
        return [
            "from": form.field("from", errors, words),
            "until": form.field("until", errors, words),
            "person": Form(errors.isEmpty ? [] : [("person", form["person"])])
                .field("person", errors, words),
            "chosen": .optional(person),
            "kinds": options(RecordKind.allCases.map { ($0.rawValue, Deed.kind($0)) }, words),
            "lines": .list(
                lines.map { line in
                    .record([
                        "when": .text("\(words.shortDay(line.day)), \(words.time(line.time))"),
                        "actor": .text(line.actor ?? platform),
                        "onBehalfOf": line.onBehalfOf.map { .text($0) } ?? .none,
                        "subject": .text(line.subject ?? "–"),
                        "action": .text(words(Deed.action(line.action))),
                        "kind": .text(words(Deed.kind(line.kind))),
                        "reason": .text(words(Deed.because(line.reason))),
                        "position": .int(Int(line.position)),
                    ])
                }
            ),
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
