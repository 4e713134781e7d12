package import Basics
package import Templating
package import Web

/// "Check and confirm": what the other says happened, and two ways to answer.
package struct ConfirmationPage: Page {
    package static let template = "care-logs/confirmation.html"
    package static var example: ConfirmationPage {
        ConfirmationPage(
            id: CareLog.ID(rawValue: 1),
            version: 2,
            giver: "Ada",
            receiver: "Ben",
            isReceiver: true,
            day: CivilDay(dayNumber: 20_776),
            start: CivilTime(hour: 9, minute: 0) ?? .midnight,
            end: CivilTime(hour: 10, minute: 15) ?? .midnight,
            minutes: Minutes(75),
            tasks: [.medicine],
            note: "Cheerful.",
            amount: .pence(2000),
            form: Form([("start", "9:00"), ("end", "10:15")]),
            errors: FormErrors("end", Phrase("care-log.form.end-first"))
        )
    }

    let id: CareLog.ID
    let version: Int
    let giver: String
    let receiver: String
    let isReceiver: Bool
    let day: CivilDay
    let start: CivilTime
    let end: CivilTime
    let minutes: Minutes
    let tasks: [CareTask]
    let note: String?
    let amount: Money
    let form: Form
    package let errors: FormErrors

    package var title: Phrase { Phrase("confirmation.title") }

    package func record(_ words: Words) -> Record {
        [
            "id": .text(id.description),
            "version": .text(String(version)),
            "giver": .text(giver),
            "receiver": .text(receiver),
            "isReceiver": .bool(isReceiver),
            "day": .text(words.day(day)),
            "oldStart": .text(words.time(start)),
            "oldEnd": .text(words.time(end)),
            "minutes": .text(words.minutes(minutes)),
            "tasks": .list(tasks.map { .text(words($0.phrase)) }),
            "note": note.map { .text($0) } ?? .none,
            "amount": amount.minor > 0 ? .text(words.money(amount)) : .none,
            "start": form.field("start", errors, words),
            "end": form.field("end", errors, words),
            "isAdjusting": .bool(!errors.isEmpty),
        ]
    }
}
