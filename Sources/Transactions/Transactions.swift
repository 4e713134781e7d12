package import Basics
package import Events
package import Identity
package import Relationships
package import Store
package import Web

/// The value that people exchange: what happened at a visit, what both agreed on, what it cost
/// and who was paid.
///
/// A booking becomes a care log when its time is over; an agreed care log becomes an entry in the
/// ledger; a payment run pays it. Nothing here is ever put right by editing.
package struct Transactions: Sendable {
    private let careLog: CareLogHandlers
    let logging: LoggingHandlers
    private let confirmation: ConfirmationHandlers
    private let money: MoneyHandlers
    private let payments: PaymentHandlers
    private let funds: FundsHandlers
    let receipts: ReceiptHandlers
    private let correction: CorrectionHandlers
    private let ledgerFace: LedgerFace
    private let week: WeekHandlers
    private let today: TodayHandlers

    package init(
        database: Database,
        records: Records,
        hats: HatAccess,
        time: TimeSource,
        random: RandomSource,
        zone: CivilZone
    ) {
        careLog = CareLogHandlers(database: database, records: records, zone: zone)
        logging = LoggingHandlers(database: database, records: records, time: time, zone: zone)
        confirmation = ConfirmationHandlers(database: database, records: records, zone: zone)
        money = MoneyHandlers(database: database, records: records, time: time, zone: zone)
        payments = PaymentHandlers(
            database: database,
            records: records,
            hats: hats,
            zone: zone,
            random: random
        )
        funds = FundsHandlers(database: database, records: records, hats: hats, zone: zone)
        receipts = ReceiptHandlers(
            database: database,
            records: records,
            hats: hats,
            zone: zone,
            random: random
        )
        correction = CorrectionHandlers(
            database: database,
            records: records,
            hats: hats,
            random: random
        )
        ledgerFace = LedgerFace(database: database, time: time)
        week = WeekHandlers(database: database, records: records, time: time, zone: zone)
        today = TodayHandlers(database: database, records: records, time: time, zone: zone)
    }

    package func add(to routes: inout Routes) {
        careLog.add(to: &routes)
        logging.add(to: &routes)
        confirmation.add(to: &routes)
        money.add(to: &routes)
        payments.add(to: &routes)
        funds.add(to: &routes)
        receipts.add(to: &routes)
        correction.add(to: &routes)
        ledgerFace.add(to: &routes)
        week.add(to: &routes)
        today.add(to: &routes)
    }

    package static var subscribers: [Subscriber] {
        [
            Subscriber("care-logs-of-ended-bookings", to: BookingEnded.self) { event, change in
                guard let booking = try BookingStore.find(event.booking, in: change.snapshot)
                else { return }
                try CareLogs.open(booking, in: change)
            },
            Subscriber("funds-of-who-gets-support", to: HatDecided.self) { event, change in
                guard event.isGiven, event.hat == .gettingSupport else { return }
                try Funds.open(for: event.person, in: change)
            },
        ]
    }

    package static var pages: [any Page.Type] {
        [
            CareLogPage.self, LoggingPage.self, ConfirmationPage.self, MoneyPage.self,
            PaymentRunsPage.self, PaymentAskingPage.self, PaymentRunPage.self, PaymentPage.self,
            FundsPage.self, PersonFundsPage.self, ReceiptAskingPage.self, ReceiptPage.self,
            CorrectionPage.self, WeekPage.self, TodayPage.self,
        ]
    }
}
