import Basics
import Events
import Store
import Transactions

/// Whom it is told to that money moved: the person it came to.
extension NoticeSubscribers {
    static var money: [Subscriber] {
        [
            Subscriber("notices-care-log-paid", to: CareLogPaid.self) { event, change in
                try Notices.tell(
                    event.giver,
                    .careLogPaid,
                    about: event.receiver,
                    reference: event.careLog.rawValue,
                    in: change
                )
            },
            Subscriber("notices-money-received", to: MoneyReceived.self) { event, change in
                try Notices.tell(
                    event.person,
                    .moneyReceived,
                    about: nil,
                    reference: event.receipt.rawValue,
                    in: change
                )
            },
            Subscriber("notices-receipt-corrected", to: ReceiptCorrected.self) { event, change in
                try Notices.tell(
                    event.person,
                    .receiptCorrected,
                    about: nil,
                    reference: event.receipt.rawValue,
                    in: change
                )
            },
        ]
    }
}
