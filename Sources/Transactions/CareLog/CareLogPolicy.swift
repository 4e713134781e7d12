import Basics
import Identity
import Relationships
import Store

/// Proof that someone may answer for one side of this log, as read in this same change.
struct MayAnswer {
    let careLog: CareLog
    let side: Agreement.Side
    let acting: Acting
    let reason: Reason
    /// False after the two have ended: then a yes may still come, but nothing new is said.
    let mayAdjust: Bool

    fileprivate init(
        _ careLog: CareLog,
        _ standing: CareLogPolicy.Standing,
        _ acting: Acting,
        mayAdjust: Bool
    ) {
        self.careLog = careLog
        side = standing.side
        self.acting = acting
        reason = standing.reason
        self.mayAdjust = mayAdjust
    }
}

/// Proof that someone may write down a visit for the first time.
struct MayLog {
    let booking: Booking
    let acting: Acting

    fileprivate init(_ booking: Booking, _ acting: Acting) {
        self.booking = booking
        self.acting = acting
    }
}

/// The giver answers for the giver; the receiver, or who arranges for the receiver, for the
/// receiver (ruling 17).
enum CareLogPolicy {
    /// For which side someone would answer.
    struct Standing {
        let side: Agreement.Side
        let reason: Reason
    }

    static func standing(
        _ careLog: CareLog,
        _ acting: Acting,
        in data: borrowing Snapshot
    ) throws -> Standing {
        if acting.principal == careLog.giver {
            return Standing(side: .giver, reason: .givesSupport)
        }
        if acting.principal == careLog.receiver { return Standing(side: .receiver, reason: .own) }
        let arranged = try RelationshipStore.arrangedFor(by: acting.principal, in: data)
        guard arranged.contains(careLog.receiver) else { throw NotThere() }
        return Standing(side: .receiver, reason: .arranges)
    }

    /// Who once gave support and does so no longer says nothing new (J13). What that person wrote
    /// before is owed all the same, so the other side's yes to it is still taken.
    static func mayAnswer(
        _ careLog: CareLog,
        _ acting: Acting,
        in data: borrowing Snapshot
    ) throws -> MayAnswer {
        let standing = try standing(careLog, acting, in: data)
        let areTogether = try areTogether(careLog.giver, careLog.receiver, in: data)
        let isOwed = standing.side == .receiver && careLog.agreement.confirmed.contains(.giver)
        guard areTogether || isOwed else { throw CareLogRefusal.noLongerTogether }
        return MayAnswer(careLog, standing, acting, mayAdjust: areTogether)
    }

    /// A visit is written down once it has begun, and by who still gives support.
    static func mayLog(
        _ booking: Booking,
        _ acting: Acting,
        at now: Instant,
        in data: borrowing Snapshot
    ) throws -> MayLog {
        guard booking.giver == acting.principal, booking.state != .cancelled else {
            throw NotThere()
        }
        guard try areTogether(booking.giver, booking.receiver, in: data) else {
            throw CareLogRefusal.noLongerTogether
        }
        guard booking.startsAt <= now else { throw CareLogRefusal.notBegun }
        return MayLog(booking, acting)
    }

    static func areTogether(
        _ giver: Person.ID,
        _ receiver: Person.ID,
        in data: borrowing Snapshot
    ) throws -> Bool {
        try RelationshipStore.carer(giver, of: receiver, in: data) != nil
    }
}

enum CareLogRefusal: Refusal, CaseIterable {
    case noLongerTogether
    case notBegun

    var kind: RefusalKind {
        switch self {
        case .noLongerTogether: .notAllowed
        case .notBegun: .conflict
        }
    }

    var phrase: Phrase {
        switch self {
        case .noLongerTogether: Phrase("care-log.refusal.no-longer-together")
        case .notBegun: Phrase("care-log.refusal.not-begun")
        }
    }
}
