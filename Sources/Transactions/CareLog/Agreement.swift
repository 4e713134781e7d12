package import Basics

/// The state machine of a care log, exactly as it was drawn (spec 2.12), and nothing else:
/// ```
/// start -> Pending -> Confirmed -> Paid -> end
/// Pending -> Pending    a side confirms; or adjusts, which voids every earlier confirmation
/// Pending -> Confirmed  once both sides have confirmed the same version
/// Confirmed -> Paid     once the money has passed
/// ```
package struct Agreement: Hashable, Sendable {
    package enum State: String, Sendable, CaseIterable {
        case pending
        case confirmed
        case paid
    }

    /// Who must agree: both, in any order (LOG-11).
    package enum Side: String, Sendable, CaseIterable {
        case giver
        case receiver
    }

    package let state: State
    package let version: Int
    package let confirmed: Set<Side>

    package init(state: State = .pending, version: Int = 1, confirmed: Set<Side> = []) {
        self.state = state
        self.version = version
        self.confirmed = confirmed
    }

    /// A side says that this version is right. Saying it twice counts once.
    package func confirming(
        _ side: Side,
        version shown: Int
    ) throws(AgreementRefusal) -> Agreement {
        guard state == .pending else { throw .alreadyAgreed }
        guard shown == version else { throw .changedMeanwhile }
        let confirmed = confirmed.union([side])
        let isAgreed = confirmed.count == Side.allCases.count
        return Agreement(
            state: isAgreed ? .confirmed : .pending,
            version: version,
            confirmed: confirmed
        )
    }

    /// A side says how it was instead: a new version, which only that side has confirmed.
    package func adjusting(
        _ side: Side,
        version shown: Int
    ) throws(AgreementRefusal) -> Agreement {
        guard state == .pending else { throw .alreadyAgreed }
        guard shown == version else { throw .changedMeanwhile }
        return Agreement(state: .pending, version: version + 1, confirmed: [side])
    }

    /// The money has passed.
    package func paying() throws(AgreementRefusal) -> Agreement {
        switch state {
        case .pending: throw .notAgreed
        case .confirmed: return Agreement(state: .paid, version: version, confirmed: confirmed)
        case .paid: throw .alreadyPaid
        }
    }
}

package enum AgreementRefusal: Refusal, CaseIterable {
    case alreadyAgreed
    case changedMeanwhile
    case notAgreed
    case alreadyPaid

    package var kind: RefusalKind { .conflict }

    package var phrase: Phrase {
        switch self {
        case .alreadyAgreed: Phrase("care-log.refusal.already-agreed")
        case .changedMeanwhile: Phrase("care-log.refusal.changed-meanwhile")
        case .notAgreed: Phrase("care-log.refusal.not-agreed")
        case .alreadyPaid: Phrase("care-log.refusal.already-paid")
        }
    }
}
