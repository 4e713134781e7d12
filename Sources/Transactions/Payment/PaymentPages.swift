package import Basics
package import Templating
import Web

/// The admin's list of payment runs, and the way to the next.
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
            sum: .pence(5200),
            lines: [
                Line(
                    id: PaymentRun.ID(rawValue: 1),
                    day: CivilDay(dayNumber: 20_776),
                    time: CivilTime(hour: 18, minute: 0) ?? .midnight,
                    paid: 2,
                    sum: .pence(3600),
                    left: 1
                )
            ],
            older: PaymentRun.ID(rawValue: 1)
        )
    }

    let due: Int
    let sum: Money
    let lines: [Line]
    /// The last of this page, when there are more before it.
    let older: PaymentRun.ID?

    package var title: Phrase { Phrase("payment-runs.title") }

    package func record(_ words: Words) -> Record {
        [
            "due": .int(due),
            "sum": .text(words.money(sum)),
            "older": older.map { .text($0.description) } ?? .none,
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

/// One visit and its money, as the admin's tables show it.
struct PaymentLine: Sendable {
    let careLog: CareLog.ID
    let giver: String
    let receiver: String
    let day: CivilDay
    let start: CivilTime
    let end: CivilTime
    let amount: Money

    static let example = PaymentLine(
        careLog: CareLog.ID(rawValue: 1),
        giver: "Ada Whitaker",
        receiver: "Ben Okafor",
        day: CivilDay(dayNumber: 20_776),
        start: CivilTime(hour: 9, minute: 0) ?? .midnight,
        end: CivilTime(hour: 10, minute: 15) ?? .midnight,
        amount: .pence(2000)
    )

    func record(_ words: Words, isCovered: Bool = true) -> Record {
        [
            "id": .text(careLog.description),
            "giver": .text(giver),
            "receiver": .text(receiver),
            "day": .text(words.day(day)),
            "start": .text(words.time(start)),
            "end": .text(words.time(end)),
            "amount": .text(words.money(amount)),
            "isCovered": .bool(isCovered),
        ]
    }
}

/// What would be paid to whom, and the button that pays it.
package struct PaymentAskingPage: Page {
    struct Line: Sendable {
        let visit: PaymentLine
        let isCovered: Bool
    }

    package static let template = "payment-runs/new.html"
    package static var example: PaymentAskingPage {
        PaymentAskingPage(
            lines: [
                Line(visit: .example, isCovered: true), Line(visit: .example, isCovered: false),
            ],
            pence: 2000,
            key: "4f1c",
            hasChanged: true
        )
    }

    let lines: [Line]
    /// The sum of what is covered.
    let pence: Int64
    let key: String
    /// Something was agreed or paid since the sum was shown that was said yes to.
    let hasChanged: Bool

    static func sum(of due: [PaymentRuns.Due]) -> Int64 {
        due.reduce(0) { $1.isCovered ? $0 + $1.pence : $0 }
    }

    package var title: Phrase { Phrase("payment-asking.title") }

    package func record(_ words: Words) -> Record {
        [
            "lines": .list(
                lines.map { .record($0.visit.record(words, isCovered: $0.isCovered)) }
            ),
            "count": .int(lines.count { $0.isCovered }),
            "left": .int(lines.count { !$0.isCovered }),
            "pence": .text(String(pence)),
            "sum": .text(words.money(.pence(pence))),
            "key": .text(key),
            "hasChanged": .bool(hasChanged),
        ]
    }
}

/// One run: who was paid what, for which visit.
package struct PaymentRunPage: Page {
    package static let template = "payment-runs/show.html"
    package static var example: PaymentRunPage {
        PaymentRunPage(
            id: PaymentRun.ID(rawValue: 1),
            day: CivilDay(dayNumber: 20_776),
            sum: .pence(2000),
            left: 1,
            lines: [.example]
        )
    }

    let id: PaymentRun.ID
    let day: CivilDay
    let sum: Money
    let left: Int
    let lines: [PaymentLine]

    package var title: Phrase { Phrase("payment-run.title") }

    package func record(_ words: Words) -> Record {
        [
            "id": .text(id.description),
            "day": .text(words.fullDay(day)),
            "sum": .text(words.money(sum)),
            "left": .int(left),
            "lines": .list(lines.map { .record($0.record(words)) }),
        ]
    }
}

/// One agreed visit, as far as its money goes.
package struct PaymentPage: Page {
    package static let template = "payments/show.html"
    package static var example: PaymentPage {
        PaymentPage(
            line: .example,
            minutes: Minutes(75),
            happened: true,
            rate: .pence(1600),
            isPaid: true,
            run: PaymentRun.ID(rawValue: 1)
        )
    }

    let line: PaymentLine
    let minutes: Minutes
    let happened: Bool
    let rate: Money?
    let isPaid: Bool
    let run: PaymentRun.ID?

    package var title: Phrase { Phrase("payment.title") }

    package func record(_ words: Words) -> Record {
        [
            "visit": .record(line.record(words)),
            "minutes": .text(words.minutes(minutes)),
            "happened": .bool(happened),
            "rate": .text(words.money(rate ?? .pence(0))),
            "isPaid": .bool(isPaid),
            "isFree": .bool(line.amount.minor == 0),
            "run": run.map { .text($0.description) } ?? .none,
        ]
    }
}
