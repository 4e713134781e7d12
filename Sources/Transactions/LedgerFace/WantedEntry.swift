import Basics
import Ledger
import ProofLog
import Web

/// An entry as a program asks for it, checked as far as that takes no store.
struct WantedEntry: Sendable {
    struct Leg: Sendable {
        let account: Account.ID
        let amount: Int64
        let currency: Currency
    }

    /// Only such kinds as the statements have words for.
    static let kinds = ["adjustment", "top-up"]
    static let legCounts = 2...100
    static let largest: Int64 = (1 << 53) - 1

    let kind: String
    /// Nil for the moment at which it is written.
    let effectiveAt: Instant?
    let legs: [Leg]

    init(_ body: JSON) throws(Problem) {
        var reader = BodyReader(body)
        kind = reader.choice("kind", of: Self.kinds, otherwise: Self.kinds[0])
        effectiveAt = reader.timestamp("effectiveAt")
        let items = reader.array("legs")
        legs = items.enumerated().compactMap { place, item in
            WantedEntry.leg(item, "#/legs/\(place)", &reader)
        }
        reader.refuseOthers()
        if reader.flaws.isEmpty, !Self.legCounts.contains(legs.count) {
            reader.add("#/legs", WantedEntry.range("ledger-face.legs", Self.legCounts))
        }
        guard reader.flaws.isEmpty else { throw .flawed(reader.flaws) }
        try checkSums()
    }

    private static func leg(_ item: JSON, _ pointer: String, _ body: inout BodyReader) -> Leg? {
        var reader = BodyReader(item, at: pointer)
        let account = reader.text("account")
        let amount = reader.whole("amount", in: -largest...largest)
        let currency = reader.choice("currency", of: Currency.allCases.map(\.rawValue))
        reader.refuseOthers()
        let id = account.flatMap { Account.ID($0) }
        if account != nil, id == nil {
            reader.add("\(pointer)/account", Phrase("ledger-face.unknown-account"))
        }
        if amount == 0 { reader.add("\(pointer)/amount", Phrase("ledger-face.zero")) }
        body.add(reader.flaws)
        guard let id, let amount, let currency = currency.flatMap({ Currency(rawValue: $0) })
        else { return nil }
        return Leg(account: id, amount: amount, currency: currency)
    }

    private static func range(_ key: String, _ range: ClosedRange<Int>) -> Phrase {
        Phrase(key, ["least": .text("\(range.lowerBound)"), "most": .text("\(range.upperBound)")])
    }

    /// No sum of so few legs of such a size can overflow.
    private func checkSums() throws(Problem) {
        for currency in Currency.allCases {
            let sum = legs.filter { $0.currency == currency }.reduce(0) { $0 + $1.amount }
            guard sum == 0 else {
                let phrase = Phrase(
                    "ledger-face.unbalanced",
                    ["currency": .text(currency.rawValue)]
                )
                throw Problem(
                    422,
                    phrase,
                    name: "unbalanced",
                    flaws: [Problem.Flaw("#/legs", phrase)]
                )
            }
        }
    }

    /// The same for every spelling of the same body.
    var canonical: [UInt8] {
        var record = CanonicalRecord()
        record.add(kind)
        record.add(effectiveAt?.milliseconds)
        for leg in legs {
            record.add(leg.account.rawValue)
            record.add(leg.amount)
            record.add(leg.currency.rawValue)
        }
        return record.bytes
    }
}
