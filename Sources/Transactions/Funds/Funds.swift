package import Basics
package import Identity
package import Ledger
import Relationships
package import Store

/// The accounts behind care, and what moves between them (spec 2.14). What we owe someone counts
/// as positive; the bank shows the other side of it.
/// ```
/// money paid in      bank -> funds of who gets support
/// visit agreed       funds -> held, for that visit
/// payment run        held -> payable of who gives support, payable -> bank
/// ```
package enum Funds {
    /// What a person put in for their support. It may fall below zero: care that was given is
    /// owed, even when the account was short. A payment run pays only what is covered.
    package static let funds = AccountKind("funds")
    static let kinds = [funds, held, payable, bank]

    /// What is set aside for agreed visits.
    package static let held = AccountKind("held", floor: 0)
    /// What is on its way to who gave support.
    package static let payable = AccountKind("payable", floor: 0)
    /// The other side of all money here.
    package static let bank = AccountKind("bank")

    /// How the ledger calls an entry of money that came in, and one of an agreed visit.
    static let paidIn = "top-up"
    static let visit = "care"

    /// The community's own account is there before its first entry, so that programs can name it.
    package static func open(in database: Database) throws {
        guard try database.read({ try Ledger.existing(bank, in: $0) }) == nil else { return }
        try database.write { _ = try Ledger.account(bank, in: $0) }
    }

    /// Someone's own account is there from when they may get support.
    static func open(for person: Person.ID, in change: borrowing Change) throws {
        _ = try Ledger.account(funds, of: person.rawValue, in: change)
    }

    /// Money has come in for someone, as the bank shows.
    @discardableResult
    package static func add(
        _ amount: Money,
        for person: Person.ID,
        once key: String,
        receivedAt: Instant,
        by acting: Acting,
        in change: borrowing Change
    ) throws -> Entry {
        let entry = try Ledger.post(
            EntryRequest(
                kind: paidIn,
                key: "top-up-\(key)",
                reference: person.rawValue,
                effectiveAt: receivedAt,
                legs: [
                    Leg(account: try Ledger.account(bank, in: change), amount: -amount.minor),
                    Leg(
                        account: try Ledger.account(funds, of: person.rawValue, in: change),
                        amount: amount.minor
                    ),
                ]
            ),
            in: change
        )
        try Audit.record(
            .paid,
            .money,
            reference: entry.number,
            about: person,
            by: acting,
            because: .administers,
            in: change
        )
        return entry
    }

    /// An agreed visit is an entry from the account of who gets support.
    static func reserve(_ careLog: CareLog, in change: borrowing Change) throws {
        let amount = try careLog.amount()
        guard amount.minor > 0 else { return }
        let owner = careLog.receiver.rawValue
        _ = try Ledger.post(
            EntryRequest(
                kind: visit,
                key: "care-\(careLog.id)",
                reference: careLog.id.rawValue,
                effectiveAt: careLog.version.endedAt,
                legs: [
                    Leg(
                        account: try Ledger.account(funds, of: owner, in: change),
                        amount: -amount.minor
                    ),
                    Leg(
                        account: try Ledger.account(held, of: owner, in: change),
                        amount: amount.minor
                    ),
                ]
            ),
            in: change
        )
    }

    /// The money for a visit passes to who gave it, and out to their bank.
    static func pay(_ careLog: CareLog, in change: borrowing Change) throws {
        let amount = try careLog.amount()
        guard amount.minor > 0 else { return }
        let payable = try Ledger.account(payable, of: careLog.giver.rawValue, in: change)
        _ = try Ledger.post(
            EntryRequest(
                kind: "payment",
                key: "payment-\(careLog.id)",
                reference: careLog.id.rawValue,
                effectiveAt: change.now,
                legs: [
                    Leg(
                        account: try Ledger.account(
                            held,
                            of: careLog.receiver.rawValue,
                            in: change
                        ),
                        amount: -amount.minor
                    ),
                    Leg(account: payable, amount: amount.minor),
                ]
            ),
            in: change
        )
        _ = try Ledger.post(
            EntryRequest(
                kind: "payout",
                key: "payout-\(careLog.id)",
                reference: careLog.id.rawValue,
                effectiveAt: change.now,
                legs: [
                    Leg(account: payable, amount: -amount.minor),
                    Leg(account: try Ledger.account(bank, in: change), amount: amount.minor),
                ]
            ),
            in: change
        )
    }
}
