package import Basics
package import Templating
import Web

/// A person's statements: what they put in for support, what they earned. Each figure opens to
/// the visit or the receipt behind it.
package struct MoneyPage: Page {
    struct Visit: Sendable {
        let careLog: CareLog.ID
        let title: String?
        let other: Who
        let day: CivilDay
    }

    struct Line: Sendable {
        let day: CivilDay
        /// Of the ledger's entry.
        let kind: String
        let visit: Visit?
        /// Of money that came in, or was taken back.
        let receipt: Receipt.ID?
        let amount: Money
        let left: Money

        var path: String? {
            visit.map { "/care-logs/\($0.careLog)" } ?? receipt.map { "/receipts/\($0)" }
        }
    }

    struct Waiting: Sendable {
        let visit: Visit
        let amount: Money
    }

    struct Statement: Sendable {
        let balance: Money
        let waiting: [Waiting]
        let lines: [Line]
        /// The last entry of this page, when there may be more before it.
        let older: Int64?
    }

    package static let template = "money.html"
    package static var example: MoneyPage {
        let day = CivilDay(dayNumber: 20_776)
        let visit = Visit(
            careLog: CareLog.ID(rawValue: 1),
            title: "Morning visit",
            other: .named("Ada"),
            day: day
        )
        let statement = Statement(
            balance: .pence(18_450),
            waiting: [Waiting(visit: visit, amount: .pence(2000))],
            lines: [
                Line(
                    day: day,
                    kind: "care",
                    visit: visit,
                    receipt: nil,
                    amount: .pence(-2000),
                    left: .pence(18_450)
                )
            ],
            older: 7
        )
        return MoneyPage(name: "Ben Okafor", today: day, spending: statement, earning: statement)
    }

    /// Whose it is and of which day, for the one who prints it.
    let name: String
    let today: CivilDay
    /// Nil for someone who neither gets support nor ever put money in.
    let spending: Statement?
    let earning: Statement?

    package var title: Phrase {
        spending == nil && earning != nil ? Phrase("money.title.earning") : Phrase("money.title")
    }

    package func record(_ words: Words) -> Record {
        [
            "heading": .text(words(title)),
            "name": .text(name),
            "today": .text(words.fullDay(today)),
            "spending": spending.map { .record(record($0, words)) } ?? .none,
            "earning": earning.map { .record(record($0, words)) } ?? .none,
        ]
    }

    private func record(_ statement: Statement, _ words: Words) -> Record {
        [
            "balance": .text(words.money(statement.balance)),
            "isOwed": .bool(statement.balance.isNegative),
            "older": statement.older.map { .text(String($0)) } ?? .none,
            "waiting": .list(
                statement.waiting.map { line in
                    .record([
                        "what": .text(name(line.visit, words)),
                        "amount": .text(words.money(line.amount)),
                        "path": .text("/care-logs/\(line.visit.careLog)"),
                    ])
                }
            ),
            "lines": .list(
                statement.lines.map { line in
                    .record([
                        "day": .text(words.shortDay(line.day)),
                        "what": .text(what(line, words)),
                        "amount": .text(words.money(line.amount)),
                        "left": .text(words.money(line.left)),
                        "path": .optional(line.path),
                    ])
                }
            ),
        ]
    }

    /// A visit by its name; anything else by what it is, and the visit it was about.
    private func what(_ line: Line, _ words: Words) -> String {
        let kind = words(Phrase("money.line.\(line.kind)"))
        guard let visit = line.visit else { return kind }
        let name = name(visit, words)
        return ["care", "payment"].contains(line.kind) ? name : "\(kind): \(name)"
    }

    private func name(_ visit: Visit, _ words: Words) -> String {
        words(
            Phrase(
                "money.visit",
                [
                    "title": .text(visit.title ?? words(Phrase("money.line.care"))),
                    "name": .text(visit.other.name(words)),
                    "day": .text(words.shortDay(visit.day)),
                ]
            )
        )
    }
}
