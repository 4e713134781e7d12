/// What a ledger account counts. Each is kept apart: one never turns into another by adding.
package enum Currency: String, Codable, Sendable, CaseIterable {
    /// Pounds sterling, counted in pence.
    case gbp = "GBP"
    /// Care coins, counted in minutes of care given (COI-01).
    case coin = "COIN"
}

/// An exact amount in the currency's smallest unit. Never a fraction, never floating point.
package struct Money: Hashable, Codable, Sendable {
    package let minor: Int64
    package let currency: Currency

    package init(minor: Int64, _ currency: Currency) {
        self.minor = minor
        self.currency = currency
    }

    package static func pence(_ pence: Int64) -> Money {
        Money(minor: pence, .gbp)
    }

    package var isNegative: Bool { minor < 0 }

    package func adding(_ other: Money) throws(MoneyError) -> Money {
        guard currency == other.currency else { throw .mixedCurrencies }
        let (sum, overflow) = minor.addingReportingOverflow(other.minor)
        guard !overflow else { throw .outOfRange }
        return Money(minor: sum, currency)
    }

    package func subtracting(_ other: Money) throws(MoneyError) -> Money {
        try adding(other.negated())
    }

    package func negated() throws(MoneyError) -> Money {
        guard minor != .min else { throw .outOfRange }
        return Money(minor: -minor, currency)
    }

    /// What `minutes` of care cost at this amount an hour, rounded to the nearest penny, halves
    /// up (J15: 75 minutes at £16 is £20.00).
    package func perHour(for minutes: Minutes) throws(MoneyError) -> Money {
        let (product, overflow) = minor.multipliedReportingOverflow(by: minutes.count)
        guard !overflow, minor >= 0, minutes.count >= 0 else { throw .outOfRange }
        let (rounded, beyond) = product.addingReportingOverflow(30)
        guard !beyond else { throw .outOfRange }
        return Money(minor: rounded / 60, currency)
    }
}

package enum MoneyError: Error {
    case mixedCurrencies
    case outOfRange
}

/// A length of time in whole minutes, as care is counted.
package struct Minutes: Hashable, Comparable, Codable, Sendable {
    package let count: Int64

    package init(_ count: Int64) {
        self.count = count
    }

    package static func < (left: Minutes, right: Minutes) -> Bool {
        left.count < right.count
    }
}
