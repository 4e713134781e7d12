package import Basics
package import Identity
package import Relationships
import Store

/// The demonstration's history is lived by the same acts as the pages do.
extension Transactions {
    /// Writes down money of the demonstration's history.
    package func demonstrateReceipt(
        of amount: Money,
        for person: Person.ID,
        saying bankText: String,
        recordedBy keeper: SignedIn
    ) throws {
        try receipts.database.write { change in
            let day = receipts.zone.day(of: change.now)
            _ = try Receipts.record(
                try FundsPolicy.mayKeep(person, keeper, in: change.snapshot),
                Receipts.Plan(
                    amount: amount,
                    day: day,
                    receivedAt: receipts.zone.instant(day, .midnight),
                    bankText: bankText,
                    isAnother: false
                ),
                once: "demonstration-\(change.now.milliseconds)",
                receipts.records,
                in: change
            )
        }
    }

    /// Writes down a visit of the demonstration's history.
    package func demonstrate(
        _ id: Booking.ID,
        loggedBy giver: SignedIn,
        from start: Instant,
        until end: Instant,
        note: String,
        confirmedBy receiver: SignedIn?
    ) throws {
        try logging.database.write { change in
            let booking = try BookingStore.find(id, for: giver.acting, in: change.snapshot)
            let log = try Logging.log(
                try CareLogPolicy.mayLog(
                    booking,
                    giver.acting,
                    at: change.now,
                    in: change.snapshot
                ),
                Logging.Plan(
                    startedAt: start,
                    endedAt: end,
                    tasks: [.foodAndDrink, .medicine, .company],
                    note: note
                ),
                version: 1,
                logging.records,
                in: change
            )
            guard let receiver else { return }
            let written = try CareLogStore.find(log, for: receiver.acting, in: change.snapshot)
            try CareLogs.confirm(
                try CareLogPolicy.mayAnswer(written, receiver.acting, in: change.snapshot),
                version: written.agreement.version,
                in: change
            )
        }
    }
}
