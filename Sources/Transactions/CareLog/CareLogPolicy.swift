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

    fileprivate init(
        _ careLog: CareLog,
        _ side: Agreement.Side,
        _ acting: Acting,
        _ reason: Reason
    ) {
        self.careLog = careLog
        self.side = side
        self.acting = acting
        self.reason = reason
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
    static func mayAnswer(
        _ careLog: CareLog,
        _ acting: Acting,
        in data: borrowing Snapshot
    ) throws -> MayAnswer {
        if acting.principal == careLog.giver {
            return MayAnswer(careLog, .giver, acting, .givesSupport)
        }
        if acting.principal == careLog.receiver {
            return MayAnswer(careLog, .receiver, acting, .own)
        }
        let arranged = try RelationshipStore.arrangedFor(by: acting.principal, in: data)
        guard arranged.contains(careLog.receiver) else { throw NotThere() }
        return MayAnswer(careLog, .receiver, acting, .arranges)
    }

    static func mayLog(_ booking: Booking, _ acting: Acting) throws -> MayLog {
        guard booking.giver == acting.principal, booking.state != .cancelled else {
            throw NotThere()
        }
        return MayLog(booking, acting)
    }
}
