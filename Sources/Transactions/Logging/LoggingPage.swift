package import Basics
import Relationships
package import Templating
package import Web

package struct LoggingPage: Page {
    package static let template = "care-logs/new.html"
    package static var example: LoggingPage {
        LoggingPage(
            booking: Booking.ID(rawValue: 1),
            careLog: CareLog.ID(rawValue: 1),
            version: 1,
            receiver: "Ben Okafor",
            first: "Ben",
            day: CivilDay(dayNumber: 20_776),
            place: "At home",
            form: Form([
                ("start", "9:00"), ("end", "10:15"), ("tasks", "medicine"),
                ("note", "Cheerful."),
            ]),
            errors: FormErrors("end", Phrase("care-log.form.end-first"))
        )
    }

    let booking: Booking.ID
    /// Nil when there is none yet, or when it says already that the visit did not happen.
    let careLog: CareLog.ID?
    /// The version that was looked at while this was written.
    let version: Int
    let receiver: String
    let first: String
    let day: CivilDay
    let place: String
    let form: Form
    package let errors: FormErrors

    package var title: Phrase { Phrase("logging.title") }

    package func record(_ words: Words) -> Record {
        let chosen = form.all("tasks")
        return [
            "booking": .text(booking.description),
            "careLog": careLog.map { .text($0.description) } ?? .none,
            "receiver": .text(receiver),
            "first": .text(first),
            "day": .text(words.day(day)),
            "place": .text(place),
            "start": form.field("start", errors, words),
            "end": form.field("end", errors, words),
            "note": form.field("note", errors, words),
            "missedWhy": form.field("missed-why", errors, words),
            "isMissing": .bool(false),
            "version": .text(String(version)),
            "tasks": .list(
                CareTask.allCases.map { task in
                    .record([
                        "value": .text(task.rawValue),
                        "label": .text(words(task.phrase)),
                        "checked": .bool(chosen.contains(task.rawValue)),
                    ])
                }
            ),
        ]
    }
}
