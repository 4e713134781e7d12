package import Basics
import Identity
package import Templating
package import Web

/// Everyone whose money for support is kept here, and what is left of it.
package struct FundsPage: Page {
    struct Line: Sendable {
        let person: Person.ID
        let name: String
        let left: Money
    }

    package static let template = "funds.html"
    package static var example: FundsPage {
        FundsPage(
            lines: [
                Line(person: Person.ID(rawValue: 1), name: "Ben Okafor", left: .pence(18_450))
            ],
            next: Person.ID(rawValue: 1),
            form: Form([("person", "bn")]),
            errors: FormErrors("person", Phrase("funds.form.unknown"))
        )
    }

    let lines: [Line]
    /// The last of this page, when there may be more after them.
    let next: Person.ID?
    let form: Form
    package let errors: FormErrors

    package var title: Phrase { Phrase("funds.title") }

    package func record(_ words: Words) -> Record {
        [
            "person": form.field("person", errors, words),
            "lines": .list(
                lines.map { line in
                    .record([
                        "path": .text("/funds/\(line.person)"),
                        "name": .text(line.name),
                        "left": .text(words.money(line.left)),
                    ])
                }
            ),
            "next": .optional(next?.description),
        ]
    }
}

/// One person's funds: what is left, and what moved.
package struct PersonFundsPage: Page {
    struct Line: Sendable {
        let day: CivilDay
        /// Of the ledger's entry.
        let kind: String
        let amount: Money
        let left: Money
        let path: String?
    }

    package static let template = "funds/show.html"
    package static var example: PersonFundsPage {
        PersonFundsPage(
            person: Person.ID(rawValue: 1),
            name: "Ben Okafor",
            isOwn: false,
            left: .pence(-1550),
            setAside: .pence(2000),
            lines: [
                Line(
                    day: CivilDay(dayNumber: 20_776),
                    kind: "top-up",
                    amount: .pence(30_000),
                    left: .pence(30_000),
                    path: "/receipts/0c4fq1zk8m3n7"
                )
            ],
            older: 7
        )
    }

    let person: Person.ID
    let name: String
    let isOwn: Bool
    let left: Money
    /// For visits that are agreed and not paid yet.
    let setAside: Money
    let lines: [Line]
    /// The last entry of this page, when there may be more before it.
    let older: Int64?

    package var title: Phrase { Phrase("funds.person.title") }

    package func record(_ words: Words) -> Record {
        [
            "person": .text(person.description),
            "name": .text(name),
            "isOwn": .bool(isOwn),
            "left": .text(words.money(left)),
            "isOwed": .bool(left.isNegative),
            "setAside": .optional(setAside.minor > 0 ? words.money(setAside) : nil),
            "lines": .list(
                lines.map { line in
                    .record([
                        "day": .text(words.shortDay(line.day)),
                        "what": .text(words(Phrase("money.line.\(line.kind)"))),
                        "amount": .text(words.money(line.amount)),
                        "left": .text(words.money(line.left)),
                        "path": .optional(line.path),
                    ])
                }
            ),
            "older": .optional(older.map { String($0) }),
        ]
    }
}
