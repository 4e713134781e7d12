package import Basics

/// What a program may do with a token. Stored by its code, as it stands on the command line.
package enum TokenScope: String, Sendable, CaseIterable {
    /// Reading the ledger and writing entries.
    case ledger
    /// Reading the ledger, and nothing else.
    case ledgerReading = "ledger.read"

    /// A scope that allows more stands in for one that allows less.
    package func includes(_ other: TokenScope) -> Bool {
        self == other || self == .ledger && other == .ledgerReading
    }
}

/// A token that a program shows, without the token itself: only its hash is kept.
package struct Token: Sendable {
    package typealias ID = Identifier<Token>

    package let id: ID
    package let person: Person.ID
    package let scope: TokenScope
    package let madeAt: Instant
    package let endsAt: Instant
    package let stoppedAt: Instant?
}

package enum TokenRefusal: Refusal {
    case unknownToken

    package var kind: RefusalKind { .notFound }
    package var phrase: Phrase { Phrase("identity.token.unknown") }
}
