package import Basics
package import Templating
import Web

/// One visit as it was written down: what happened, who agreed, what it cost.
package struct CareLogPage: Page {
    struct Earlier: Sendable {
        let number: Int
        let writer: String?
        let start: CivilTime
        let end: CivilTime
        let minutes: Minutes
    }

    package static let template = "care-logs/show.html"
    package static var example: CareLogPage {
        let nine = CivilTime(hour: 9, minute: 0) ?? .midnight
        let ten = CivilTime(hour: 10, minute: 15) ?? .midnight
        return CareLogPage(
            id: CareLog.ID(rawValue: 1),
            giver: "Ada Whitaker",
            receiver: "Ben Okafor",
            day: CivilDay(dayNumber: 20_776),
            start: nine,
            end: ten,
            minutes: Minutes(75),
            tasks: [.medicine],
            note: "Cheerful. Ate all his porridge.",
            amount: .pence(2000),
            state: .pending,
            waitingFor: ["Ben"],
            canAnswer: true,
            earlier: [
                Earlier(number: 1, writer: "Ada", start: nine, end: ten, minutes: Minutes(60))
            ]
        )
    }

    let id: CareLog.ID
    let giver: String
    let receiver: String
    let day: CivilDay
    let start: CivilTime
    let end: CivilTime
    let minutes: Minutes
    let tasks: [CareTask]
    /// Nil when there is none, or when the reader may not see it.
    let note: String?
    let amount: Money
    let state: Agreement.State
    let waitingFor: [String]
    let canAnswer: Bool
    let earlier: [Earlier]

    package var title: Phrase { Phrase("care-log.title") }

    package func record(_ words: Words) -> Record {
        [
            "id": .text(id.description),
            "giver": .text(giver),
            "receiver": .text(receiver),
            "day": .text(words.fullDay(day)),
            "start": .text(words.time(start)),
            "end": .text(words.time(end)),
            "minutes": .text(words.minutes(minutes)),
            "tasks": .list(tasks.map { .text(words($0.phrase)) }),
            "note": note.map { .text($0) } ?? .none,
            "amount": amount.minor > 0 ? .text(words.money(amount)) : .none,
            "isPending": .bool(state == .pending),
            "isConfirmed": .bool(state == .confirmed),
            "waitingFor": .list(waitingFor.map { .text($0) }),
            "canAnswer": .bool(canAnswer),
            "earlier": .list(
                earlier.map { version in
                    .record([
                        "writer": .text(version.writer ?? words(Phrase("care-log.from-booking"))),
                        "start": .text(words.time(version.start)),
                        "end": .text(words.time(version.end)),
                        "minutes": .text(words.minutes(version.minutes)),
                    ])
                }
            ),
        ]
    }
}
