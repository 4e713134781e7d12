import Basics
import Ledger
import Web

/// What programs read of the ledger. Amounts are whole numbers of the currency's smallest unit.
enum LedgerDocument {
    static func account(_ account: Account) -> JSON {
        .record([
            "id": .text(account.id.description),
            "kind": .text(account.kind),
            "owner": owner(account),
            "currency": .text(account.currency.rawValue),
            "floor": account.floor.map { .whole($0) } ?? .null,
        ])
    }

    static func balances(_ accounts: [Account], entries: Int64, at now: Instant) -> JSON {
        .record([
            "at": .text(now.timestamp),
            "entries": .whole(entries),
            "balances": .array(
                accounts.map { account in
                    .record([
                        "account": .text(account.id.description),
                        "kind": .text(account.kind),
                        "owner": owner(account),
                        "currency": .text(account.currency.rawValue),
                        "balance": .whole(account.balance),
                    ])
                }
            ),
        ])
    }

    static func entry(_ entry: Entry) -> JSON {
        .record([
            "id": .whole(entry.number),
            "kind": .text(entry.kind),
            "effectiveAt": .text(entry.effectiveAt.timestamp),
            "recordedAt": .text(entry.recordedAt.timestamp),
            "reverses": entry.reverses.map { .whole($0) } ?? .null,
            "legs": .array(
                entry.legs.map { leg in
                    .record([
                        "account": .text(leg.account.id.description),
                        "amount": .whole(leg.amount),
                        "currency": .text(leg.account.currency.rawValue),
                    ])
                }
            ),
        ])
    }

    /// The community's own accounts belong to nobody.
    private static func owner(_ account: Account) -> JSON {
        account.owner == 0
            ? .null : .text(Identifier<Account>(rawValue: account.owner).description)
    }
}
