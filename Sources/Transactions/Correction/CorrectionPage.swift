package import Basics
package import Templating
package import Web

/// What is to be taken back, what is left then, and why it was wrong.
package struct CorrectionPage: Page {
    package static let template = "receipts/correction.html"
    package static var example: CorrectionPage {
        CorrectionPage(
            id: Receipt.ID(rawValue: 1),
            name: "Ben Okafor",
            amount: .pence(30_000),
            receivedOn: CivilDay(dayNumber: 20_776),
            bankText: "B OKAFOR STO",
            left: .pence(-1550),
            form: Form([("why", "It was £30.00."), ("key", "4f1c")]),
            errors: FormErrors("why", Phrase("correction.why-missing"))
        )
    }

    let id: Receipt.ID
    let name: String
    let amount: Money
    let receivedOn: CivilDay
    let bankText: String
    let left: Money
    let form: Form
    package let errors: FormErrors

    package var title: Phrase { Phrase("correction.title") }

    package func record(_ words: Words) -> Record {
        [
            "id": .text(id.description),
            "name": .text(name),
            "amount": .text(words.money(amount)),
            "receivedOn": .text(words.fullDay(receivedOn)),
            "bank": .text(bankText),
            "left": .text(words.money(left)),
            "why": form.field("why", errors, words),
            "key": .text(form["key"]),
        ]
    }
}
