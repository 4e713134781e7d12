import Basics
import Identity
import Store

/// Proof that someone may book a visit between these two, as read in this same change.
struct MayBook {
    let relationship: Relationship
    let acting: Acting
    let reason: Reason

    fileprivate init(_ relationship: Relationship, _ acting: Acting, _ reason: Reason) {
        self.relationship = relationship
        self.acting = acting
        self.reason = reason
    }
}

/// Proof that someone may change this booking, as read in this same change.
struct MayChange {
    let booking: Booking
    let acting: Acting
    let reason: Reason

    fileprivate init(_ booking: Booking, _ acting: Acting, _ reason: Reason) {
        self.booking = booking
        self.acting = acting
        self.reason = reason
    }
}

/// A booking needs an accepted relationship (APT-07). Either of its two may make and change it,
/// and so may whoever arranges for the one who gets support.
enum BookingPolicy {
    static func mayBook(
        giver: Person.ID,
        receiver: Person.ID,
        _ acting: Acting,
        in data: borrowing Snapshot
    ) throws -> MayBook {
        guard let relationship = try RelationshipStore.carer(giver, of: receiver, in: data),
            let reason = try reason(giver, receiver, acting, data)
        else { throw NotThere() }
        return MayBook(relationship, acting, reason)
    }

    static func mayChange(
        _ booking: Booking,
        _ acting: Acting,
        in data: borrowing Snapshot
    ) throws -> MayChange {
        guard let reason = try reason(booking.giver, booking.receiver, acting, data) else {
            throw NotThere()
        }
        guard try areTogether(booking, in: data) else { throw BookingRefusal.noLongerTogether }
        return MayChange(booking, acting, reason)
    }

    /// Whether the two still have an accepted relationship, so that visits can be arranged.
    static func areTogether(_ booking: Booking, in data: borrowing Snapshot) throws -> Bool {
        try RelationshipStore.carer(booking.giver, of: booking.receiver, in: data) != nil
    }

    private static func reason(
        _ giver: Person.ID,
        _ receiver: Person.ID,
        _ acting: Acting,
        _ data: borrowing Snapshot
    ) throws -> Reason? {
        if acting.principal == receiver { return .own }
        if acting.principal == giver { return .givesSupport }
        guard let arranger = acting.arranger else { return nil }
        let arranged = try RelationshipStore.arrangedFor(by: arranger, in: data)
        return arranged.contains(receiver) ? .arranges : nil
    }
}
