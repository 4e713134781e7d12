package import Basics

/// A person's leave for someone else to do one task in their name, for a time (GUI-01, GUI-02).
/// ```
/// ASKED --the person allows--> ACTIVE --either stops, or the time is over--> STOPPED or ended
///      |--the person declines-> DECLINED
///      \--the holder takes it back-> STOPPED
/// ```
package struct Grant: Sendable {
    package typealias ID = Identifier<Grant>

    /// What a grant may be for. Each task opens just the pages that it needs.
    package enum Task: String, Sendable, CaseIterable {
        case moveBooking = "move-booking"
    }

    package enum State: String, Sendable {
        case asked
        case active
        case declined
        case stopped
    }

    package let id: ID
    package let giver: Person.ID
    package let holder: Person.ID
    package let task: Task
    package let minutes: Int64
    package let state: State
    package let askedAt: Instant
    package let endsAt: Instant?
    /// Whether its giver ever allowed it.
    package let wasAllowed: Bool
    package let stoppedBy: Person.ID?

    package func isOpen(at now: Instant) -> Bool {
        guard state == .active, let endsAt else { return false }
        return now < endsAt
    }
}

package enum GrantRefusal: Refusal, CaseIterable {
    case alreadyDecided
    case alreadyOver
    case alreadyAsked
    /// For who held it: why the page is not there any more.
    case stoppedByGiver
    case timeOver

    package var kind: RefusalKind {
        switch self {
        case .alreadyDecided, .alreadyOver, .alreadyAsked: .conflict
        case .stoppedByGiver, .timeOver: .notAllowed
        }
    }

    package var phrase: Phrase {
        switch self {
        case .alreadyDecided: Phrase("identity.grant.already-decided")
        case .alreadyOver: Phrase("identity.grant.already-over")
        case .alreadyAsked: Phrase("identity.grant.already-asked")
        case .stoppedByGiver: Phrase("identity.grant.stopped-by-giver")
        case .timeOver: Phrase("identity.grant.time-over")
        }
    }
}
