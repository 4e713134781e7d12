import Basics

/// What of someone's record is shown. Stored by its code and spoken by the locales.
package enum RecordKind: String, Sendable, CaseIterable {
    case name
    case contact
    case visits
    case careLog = "care-log"
    case notes
    case money
    case team
    case audit
    case account
    case session
    case grant
    case booking
    case payment
    case entry
    case hat
}

/// Why someone may see or do something. Stored by its code and spoken by the locales.
package enum Reason: String, Sendable, CaseIterable {
    /// It is their own.
    case own
    /// They give support to the person.
    case givesSupport = "gives-support"
    /// They get support from the person.
    case getsSupport = "gets-support"
    /// They arrange support for the person.
    case arranges
    /// They support or arrange for the same person.
    case sameTeam = "same-team"
    /// They gave support to the person, or got it from them, and no longer do.
    case hadVisits = "had-visits"
    /// They knew each other through someone's support, and no longer do.
    case knewBefore = "knew-before"
    /// The person asked to know them.
    case wasAsked = "was-asked"
    /// They ask to know the person. It opens nothing.
    case asks
    /// The person lets them do one task for a time.
    case grant
    /// They help people use the platform.
    case facilitates
    /// They must be able to show what happened.
    case administers
    /// The platform itself, on a timer.
    case platform
}

/// The right to read one kind of thing about one person, given for a reason. Making one leaves a
/// trace; nothing personal opens without one.
package struct Disclosure: Hashable, Sendable {
    package let actor: Person.ID
    package let onBehalfOf: Person.ID?
    package let grant: Grant.ID?
    package let subject: Person.ID
    package let kind: RecordKind
    package let reference: Int64?
    package let reason: Reason

    fileprivate init(
        _ acting: Acting,
        _ subject: Person.ID,
        _ kind: RecordKind,
        _ reference: Int64?,
        _ reason: Reason
    ) {
        actor = acting.actor
        onBehalfOf = acting.onBehalfOf
        grant = acting.grant
        self.subject = subject
        self.kind = kind
        self.reference = reference
        self.reason = reason
    }

    /// Reading one's own record in one's own name leaves no trace, and neither does the name of
    /// someone with whom a relationship was accepted: both agreed to know each other.
    var leavesTrace: Bool {
        switch reason {
        case .own: onBehalfOf != nil
        case .givesSupport, .getsSupport, .arranges, .sameTeam, .hadVisits, .knewBefore, .wasAsked:
            kind != .name || onBehalfOf != nil
        case .asks, .grant, .facilitates, .administers, .platform: true
        }
    }
}

/// Which reasons open which kinds. The one table of reading rights.
enum DisclosurePolicy {
    static func disclose(
        _ kind: RecordKind,
        of subject: Person.ID,
        reference: Int64?,
        to acting: Acting,
        because reasons: [Reason]
    ) throws -> Disclosure {
        guard let reason = reasons.first(where: { opens($0, kind) }) else { throw NotThere() }
        let disclosure = Disclosure(acting, subject, kind, reference, reason)
        if disclosure.leavesTrace { acting.trace.add(AuditEntry(disclosure)) }
        return disclosure
    }

    /// The name of someone who acted on this person's record, or was given leave to: whoever can
    /// look can be seen to have looked.
    static func nameOfActor(_ actor: Person.ID, shownTo acting: Acting) -> Disclosure {
        Disclosure(acting, actor, .name, nil, .own)
    }

    static func opens(_ reason: Reason, _ kind: RecordKind) -> Bool {
        switch reason {
        case .own: true
        case .givesSupport: [.name, .visits, .careLog, .notes, .team, .booking].contains(kind)
        case .getsSupport: [.name, .visits, .careLog, .notes, .team, .booking].contains(kind)
        // By default care plan and scheduling, and the money they arrange (ruling 7).
        case .arranges: [.name, .visits, .careLog, .money, .team, .booking].contains(kind)
        case .sameTeam: [.name, .team].contains(kind)
        // What they had together stays open to both. Nothing new comes to it: a booking and a
        // care log are found only by who took part, and what was still to come was cancelled.
        case .hadVisits: [.name, .visits, .careLog, .notes, .booking].contains(kind)
        case .knewBefore, .wasAsked: kind == .name
        case .asks: false
        case .grant: [.name, .visits, .booking].contains(kind)
        case .facilitates: [.name].contains(kind)
        case .administers: [.name, .audit, .money, .payment, .entry, .hat].contains(kind)
        case .platform: [.contact].contains(kind)
        }
    }
}
