package import Basics

/// Every way in which an entry can be refused, in the order in which it is checked.
package enum LedgerRefusal: Refusal, CaseIterable {
    case keyUsedForAnotherEntry
    case tooFewLegs
    case zeroLeg
    case amountTooLarge
    case unbalanced
    case unknownEntry
    case alreadyReversed
    case belowFloor

    package var kind: RefusalKind { .conflict }

    package var phrase: Phrase {
        switch self {
        case .keyUsedForAnotherEntry: Phrase("ledger.refusal.key-used")
        case .tooFewLegs: Phrase("ledger.refusal.too-few-legs")
        case .zeroLeg: Phrase("ledger.refusal.zero-leg")
        case .amountTooLarge: Phrase("ledger.refusal.too-large")
        case .unbalanced: Phrase("ledger.refusal.unbalanced")
        case .unknownEntry: Phrase("ledger.refusal.unknown-entry")
        case .alreadyReversed: Phrase("ledger.refusal.already-reversed")
        case .belowFloor: Phrase("ledger.refusal.below-floor")
        }
    }
}
