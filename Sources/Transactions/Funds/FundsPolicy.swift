import Basics
import Identity
import Ledger
import Relationships
import Store

/// The right to say what came into one person's funds, and to take back what was said by mistake.
struct MayKeepFunds {
    let person: Person.ID
    let keeper: SignedIn

    fileprivate init(_ person: Person.ID, _ keeper: SignedIn) {
        self.person = person
        self.keeper = keeper
    }
}

enum FundsPolicy {
    /// Whoever administers, for everyone who gets support or once did; for nobody else it is there.
    /// Nobody keeps their own, so that two people stand behind all money that comes in.
    static func mayKeep(
        _ person: Person.ID,
        _ keeper: SignedIn,
        in data: borrowing Snapshot
    ) throws -> MayKeepFunds {
        guard try Hats.of(keeper.id, in: data).contains(.admin),
            try hasFunds(person, in: data)
        else { throw NotThere() }
        guard person != keeper.id else { throw ReceiptRefusal.ownFunds }
        return MayKeepFunds(person, keeper)
    }

    static func hasFunds(_ person: Person.ID, in data: borrowing Snapshot) throws -> Bool {
        if try Ledger.existing(Funds.funds, of: person.rawValue, in: data) != nil { return true }
        return try Hats.of(person, in: data).contains(.gettingSupport)
    }
}
