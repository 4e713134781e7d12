package import Basics
import Events
package import Identity

/// Money that came to the bank for someone's support, as an administrator wrote it down.
package struct Receipt: Sendable {
    package typealias ID = Identifier<Receipt>

    /// The entry that takes it back, since it was a mistake.
    struct Reversal: Sendable {
        let entry: Int64
        let why: Sealed
        let madeAt: Instant
        let once: String
    }

    let id: ID
    /// Whose funds it went to.
    let person: Person.ID
    let entry: Int64
    let pence: Int64
    /// When it reached the bank, which may be days before it is written down.
    let receivedOn: CivilDay
    let bankText: Sealed
    let recordedBy: Person.ID
    let recordedAt: Instant
    let reversal: Reversal?

    var amount: Money { .pence(pence) }
}

package struct MoneyReceived: Event {
    package static let name = "transactions.money-received"
    package let receipt: Receipt.ID
    package let person: Person.ID
}

package struct ReceiptCorrected: Event {
    package static let name = "transactions.receipt-corrected"
    package let receipt: Receipt.ID
    package let person: Person.ID
}

enum ReceiptRefusal: Refusal, CaseIterable {
    /// Nobody says alone that they paid in.
    case ownFunds
    /// The form was sent before, with something else in it.
    case otherwiseSent

    var kind: RefusalKind {
        switch self {
        case .ownFunds: .notAllowed
        case .otherwiseSent: .conflict
        }
    }

    var phrase: Phrase {
        switch self {
        case .ownFunds: Phrase("receipt.refusal.own")
        case .otherwiseSent: Phrase("receipt.refusal.otherwise-sent")
        }
    }
}

extension SealPlace {
    static func bankText(_ id: Receipt.ID) -> SealPlace {
        SealPlace(table: "transactions_receipt", column: "bank_text", row: id.rawValue)
    }

    static func correctionReason(_ id: Receipt.ID) -> SealPlace {
        SealPlace(table: "transactions_correction", column: "why", row: id.rawValue)
    }
}
