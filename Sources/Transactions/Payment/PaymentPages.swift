package import Basics
package import Templating
import Web

/// The admin's list of payment runs, and the button that starts one.
package struct PaymentRunsPage: Page {
    struct Line: Sendable {
        let id: PaymentRun.ID
        let day: CivilDay
        let time: CivilTime
        let paid: Int
        let sum: Money
        let left: Int
    }

    package static let template = "payment-runs.html"
    package static var example: PaymentRunsPage {
        PaymentRunsPage(
            due: 2,
            key: "4f1c",
            lines: [
                Line(
                    id: PaymentRun.ID(rawValue: 1),
                    day: CivilDay(dayNumber: 20_776),
                    time: CivilTime(hour: 18, minute: 0) ?? .midnight,
                    paid: 2,
                    sum: .pence(3600),
                    left: 1
                )
            ]
        )
    }

    let due: Int
    let key: String
    let lines: [Line]

    package var title: Phrase { Phrase("payment-runs.title") }

    package func record(_ words: Words) -> Record {
        [
            "due": .int(due),
            "key": .text(key),
            "lines": .list(
                lines.map { line in
                    .record([
                        "id": .text(line.id.description),
                        "when": .text("\(words.day(line.day)), \(words.time(line.time))"),
                        "paid": .int(line.paid),
                        "sum": .text(words.money(line.sum)),
                        "left": .int(line.left),
                    ])
                }
            ),
        ]
    }
}

/// One run: who was paid what, for which visit.
package struct PaymentRunPage: Page {
    struct Line: Sendable {
        let careLog: CareLog.ID
        let giver: String
        let receiver: String
        let amount: Money
    }

    package static let template = "payment-runs/show.html"
    package static var example: PaymentRunPage {
        PaymentRunPage(
            id: PaymentRun.ID(rawValue: 1),
            day: CivilDay(dayNumber: 20_776),
            sum: .pence(2000),
            left: 1,
            lines: [
                Line(
                    careLog: CareLog.ID(rawValue: 1),
                    giver: "Ada Whitaker",
                    receiver: "Ben Okafor",
                    amount: .pence(2000)
                )
            ]
        )
    }

    let id: PaymentRun.ID
    let day: CivilDay
    let sum: Money
    let left: Int
    let lines: [Line]

    package var title: Phrase { Phrase("payment-run.title") }

    package func record(_ words: Words) -> Record {
        [
            "id": .text(id.description),
            "day": .text(words.fullDay(day)),
            "sum": .text(words.money(sum)),
            "left": .int(left),
            "lines": .list(
                lines.map { line in
                    .record([
                        "visit": .text(line.careLog.description),
                        "giver": .text(line.giver),
                        "receiver": .text(line.receiver),
                        "amount": .text(words.money(line.amount)),
                    ])
                }
            ),
        ]
    }
}
