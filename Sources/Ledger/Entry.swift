package import Basics
import ProofLog

/// What moves in or out of one account, in minor units of its currency; in is positive.
package struct Leg: Sendable {
    package let account: Account
    package let amount: Int64

    package init(account: Account, amount: Int64) {
        self.account = account
        self.amount = amount
    }
}

/// An entry that is to be written.
package struct EntryRequest: Sendable {
    package let kind: String
    /// One-time: the same key never makes a second entry.
    package let key: String
    package let reference: Int64?
    package let effectiveAt: Instant
    package let reverses: Int64?
    package let legs: [Leg]

    package init(
        kind: String,
        key: String,
        reference: Int64? = nil,
        effectiveAt: Instant,
        legs: [Leg]
    ) {
        self.init(
            kind: kind,
            key: key,
            reference: reference,
            effectiveAt: effectiveAt,
            reverses: nil,
            legs: legs
        )
    }

    /// Only the ledger itself says what an entry reverses, so that a reversal is always the
    /// mirror image of its original.
    init(
        kind: String,
        key: String,
        reference: Int64?,
        effectiveAt: Instant,
        reverses: Int64?,
        legs: [Leg]
    ) {
        self.kind = kind
        self.key = key
        self.reference = reference
        self.effectiveAt = effectiveAt
        self.reverses = reverses
        self.legs = legs
    }

    /// The rules that need no store, in the order in which they are checked.
    package func check() throws(LedgerRefusal) {
        guard legs.count >= 2 else { throw .tooFewLegs }
        guard legs.allSatisfy({ $0.amount != 0 }) else { throw .zeroLeg }
        guard legs.allSatisfy({ $0.amount.magnitude < 1 << 53 }) else { throw .amountTooLarge }
        var sums: [Currency: Int64] = [:]
        for leg in legs {
            let (sum, overflow) = sums[leg.account.currency, default: 0]
                .addingReportingOverflow(leg.amount)
            guard !overflow else { throw .amountTooLarge }
            sums[leg.account.currency] = sum
        }
        guard sums.values.allSatisfy({ $0 == 0 }) else { throw .unbalanced }
    }

    func isSame(as entry: Entry) -> Bool {
        kind == entry.kind && reference == entry.reference && reverses == entry.reverses
            && legs.map(\.account.id) == entry.legs.map(\.account.id)
            && legs.map(\.amount) == entry.legs.map(\.amount)
    }
}

/// An entry as it stands in the ledger, for ever.
package struct Entry: Sendable {
    /// 1, 2, 3 … without a gap.
    package let number: Int64
    package let kind: String
    package let key: String
    package let reference: Int64?
    package let effectiveAt: Instant
    package let recordedAt: Instant
    package let reverses: Int64?
    package let legs: [Leg]

    init(number: Int64, request: EntryRequest, recordedAt: Instant) {
        self.number = number
        kind = request.kind
        key = request.key
        reference = request.reference
        effectiveAt = request.effectiveAt
        self.recordedAt = recordedAt
        reverses = request.reverses
        legs = request.legs
    }

    /// What the proof log's leaf is made of: every field, and of each leg's account what it is
    /// and whose.
    var canonical: [UInt8] {
        var record = CanonicalRecord()
        record.add(number)
        record.add(kind)
        record.add(key)
        record.add(reference)
        record.add(effectiveAt.milliseconds)
        record.add(recordedAt.milliseconds)
        record.add(reverses)
        for leg in legs {
            record.add(leg.account.id.rawValue)
            record.add(leg.account.kind)
            record.add(leg.account.owner)
            record.add(leg.account.currency.rawValue)
            record.add(leg.amount)
        }
        return record.bytes
    }
}

/// One line of an account's statement.
package struct StatementLine: Sendable {
    package let entry: Int64
    package let kind: String
    package let reference: Int64?
    package let effectiveAt: Instant
    package let recordedAt: Instant
    package let amount: Money
    package let balanceAfter: Money
}
