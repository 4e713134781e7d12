package import Basics
package import Templating
import Web

/// A person's statements: what they put in for support, what they earned. Each figure opens to
/// the visit behind it.
package struct MoneyPage: Page {
    struct Line: Sendable {
        let day: CivilDay
        let what: Phrase
        let amount: Money
        let left: Money
        let careLog: CareLog.ID?
    }

    struct Statement: Sendable {
        let balance: Money
        let lines: [Line]
    }

    package static let template = "money.html"
    package static var example: MoneyPage {
        let line = Line(
            day: CivilDay(dayNumber: 20_776),
            what: Phrase("money.line.care"),
            amount: .pence(-2000),
            left: .pence(18_450),
            careLog: CareLog.ID(rawValue: 1)
        )
        return MoneyPage(
            spending: Statement(balance: .pence(18_450), lines: [line]),
            earning: Statement(balance: .pence(3600), lines: [line])
        )
    }

    /// Nil for someone who neither gets support nor ever put money in.
    let spending: Statement?
    let earning: Statement?

    package var title: Phrase { Phrase("money.title") }

    package func record(_ words: Words) -> Record {
        [
            "spending": spending.map { .record(record($0, words)) } ?? .none,
            "earning": earning.map { .record(record($0, words)) } ?? .none,
        ]
    }

    private func record(_ statement: Statement, _ words: Words) -> Record {
        [
            "balance": .text(words.money(statement.balance)),
            "isOwed": .bool(statement.balance.isNegative),
            "lines": .list(
                statement.lines.map { line in
                    .record([
                        "day": .text(words.shortDay(line.day)),
                        "what": .text(words(line.what)),
                        "amount": .text(words.money(line.amount)),
                        "left": .text(words.money(line.left)),
                        "path": line.careLog.map { .text("/care-logs/\($0)") } ?? .none,
                    ])
                }
            ),
        ]
    }
}
