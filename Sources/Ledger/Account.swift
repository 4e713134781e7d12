package import Basics

/// A kind of account, named by the modules above: what it counts and how low it may fall.
package struct AccountKind: Hashable, Sendable {
    package let name: String
    package let currency: Currency
    /// Minor units; nil for no limit.
    package let floor: Int64?

    package init(_ name: String, _ currency: Currency = .gbp, floor: Int64? = nil) {
        self.name = name
        self.currency = currency
        self.floor = floor
    }
}

/// One account and what it holds.
package struct Account: Hashable, Sendable {
    package typealias ID = Identifier<Account>

    package let id: ID
    package let kind: String
    package let owner: Int64
    package let currency: Currency
    package let floor: Int64?
    /// Minor units of the currency.
    package let balance: Int64
}
