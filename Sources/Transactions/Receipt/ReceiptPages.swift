package import Basics
import Identity
package import Templating
package import Web

/// The form for money that came in for one person.
package struct ReceiptAskingPage: Page {
    package static let template = "receipts/new.html"
    package static var example: ReceiptAskingPage {
        ReceiptAskingPage(
            person: Person.ID(rawValue: 1),
            name: "Ben Okafor",
            form: Form([
                ("amount", "300"), ("day", "2026-11-19"), ("bank", "B OKAFOR STO"),
                ("key", "4f1c"),
            ]),
            errors: FormErrors("again", Phrase("receipt.form.twin"))
        )
    }

    let person: Person.ID
    let name: String
    let form: Form
    package let errors: FormErrors

    package var title: Phrase { Phrase("receipt.new.title") }

    package func record(_ words: Words) -> Record {
        [
            "person": .text(person.description),
            "name": .text(name),
            "amount": form.field("amount", errors, words),
            "day": form.field("day", errors, words),
            "bank": form.field("bank", errors, words),
            "again": form.field("again", errors, words),
            // Once it was asked, it stays, whatever else is wrong.
            "asksAgain": .bool(errors["again"] != nil || form.has("again")),
            "key": .text(form["key"]),
        ]
    }
}

/// What was recorded, for whoever recorded it and for the person whose money it is.
package struct ReceiptPage: Page {
    struct Reversal: Sendable {
        let entry: Int64
        let day: CivilDay
        let why: String
    }

    package static let template = "receipts/show.html"
    package static var example: ReceiptPage {
        ReceiptPage(
            id: Receipt.ID(rawValue: 1),
            person: Person.ID(rawValue: 1),
            name: "Ben Okafor",
            isOwn: false,
            amount: .pence(30_000),
            receivedOn: CivilDay(dayNumber: 20_776),
            bankText: "B OKAFOR STO",
            entry: 12,
            recordedOn: CivilDay(dayNumber: 20_778),
            recordedAt: CivilTime(hour: 9, minute: 5) ?? .midnight,
            recorder: "Eve Lindqvist",
            keeps: true,
            reversal: Reversal(
                entry: 13,
                day: CivilDay(dayNumber: 20_778),
                why: "It was £30.00."
            )
        )
    }

    let id: Receipt.ID
    let person: Person.ID
    let name: String
    let isOwn: Bool
    let amount: Money
    let receivedOn: CivilDay
    let bankText: String
    let entry: Int64
    let recordedOn: CivilDay
    let recordedAt: CivilTime
    /// Nil for who does not administer; in their record they find who it was.
    let recorder: String?
    let keeps: Bool
    let reversal: Reversal?

    package var title: Phrase { Phrase("receipt.title") }

    package func record(_ words: Words) -> Record {
        [
            "id": .text(id.description),
            "person": .text(person.description),
            "name": .text(name),
            "isOwn": .bool(isOwn),
            "amount": .text(words.money(amount)),
            "receivedOn": .text(words.fullDay(receivedOn)),
            "bank": .text(bankText),
            "entry": .text(String(entry)),
            "recorded": .text("\(words.fullDay(recordedOn)), \(words.time(recordedAt))"),
            "recorder": .optional(recorder),
            "keeps": .bool(keeps),
            "mayCorrect": .bool(keeps && !isOwn && reversal == nil),
            "reversal": reversal.map { reversal in
                .record([
                    "entry": .text(String(reversal.entry)),
                    "day": .text(words.fullDay(reversal.day)),
                    "why": .text(reversal.why),
                ])
            } ?? .none,
        ]
    }
}
