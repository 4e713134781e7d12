import Basics
import Store

@testable import Ledger

extension Ledger {
    /// The whole ledger as a plain-text journal that hledger and its relations read, for the
    /// accountant and as a second opinion on our own sums. An account is `kind:owner`; the first
    /// date is when an entry took effect, the second when it was written down.
    static func journal(
        in data: borrowing Snapshot,
        zone: CivilZone
    ) throws -> String {
        var journal = Currency.allCases
            .map { "commodity \($0.rawValue) \(Journal.sample($0))\n" }.joined()
        for account in try balances(in: data) { journal += "account \(Journal.name(account))\n" }
        try LedgerStore.each(in: data) { entry in
            journal += "\n" + Journal.text(entry, zone: zone)
        }
        return journal
    }
}

enum Journal {
    static func text(_ entry: Entry, zone: CivilZone) -> String {
        let effective = zone.day(of: entry.effectiveAt)
        let recorded = zone.day(of: entry.recordedAt)
        var text = "\(effective)=\(recorded) * (\(entry.number)) \(plain(entry.kind))\n"
        text += "    ; key:\(plain(entry.key))\n"
        if let reference = entry.reference { text += "    ; reference:\(reference)\n" }
        if let original = entry.reverses { text += "    ; reverses:\(original)\n" }
        for leg in entry.legs {
            let amount = amount(leg.amount, leg.account.currency)
            text += "    \(name(leg.account))  \(leg.account.currency.rawValue) \(amount)\n"
        }
        return text
    }

    static func name(_ account: Account) -> String {
        "\(plain(account.kind)):\(account.owner)"
    }

    /// Pounds and pence with a point; coins in the whole minutes they are counted in.
    static func amount(_ minor: Int64, _ currency: Currency) -> String {
        switch currency {
        case .coin: return String(minor)
        case .gbp:
            let pence = minor.magnitude % 100
            return
                "\(minor < 0 ? "-" : "")\(minor.magnitude / 100).\(pence < 10 ? "0" : "")\(pence)"
        }
    }

    /// How hledger is told of a currency's decimal places.
    static func sample(_ currency: Currency) -> String {
        switch currency {
        case .coin: "1000."
        case .gbp: "1000.00"
        }
    }

    /// Kinds and keys are given by callers: nothing in one may end a line, a name or a comment.
    static func plain(_ text: String) -> String {
        String(
            text.unicodeScalars.map { letter -> Character in
                letter.properties.isAlphabetic || ("0"..."9").contains(letter)
                    || letter == "-" || letter == "_" || letter == "." ? Character(letter) : "-"
            }
        )
    }
}
