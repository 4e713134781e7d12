import Basics
import Events
import Identity
import Store
import Web

/// Giving a booking another time (APT-05). The other is told; the old end is forgotten.
enum Moving {
    /// Gives back whether anything changed: nobody is told of a time that is the same.
    static func move(
        _ permit: MayChange,
        to slot: Slot,
        in change: borrowing Change
    ) throws -> Bool {
        let booking = permit.booking
        try check(booking)
        guard slot != Slot(startsAt: booking.startsAt, endsAt: booking.endsAt) else {
            return false
        }
        if let problem = check(booking, slot, at: change.now) { throw problem }
        let isTaken = try BookingStore.isTaken(
            booking.giver,
            from: slot.startsAt,
            until: slot.endsAt,
            otherThan: booking.id,
            in: change.snapshot
        )
        guard !isTaken else { throw FormErrors("start", Phrase("booking.form.taken")) }
        try BookingStore.move(booking.id, to: slot, in: change)
        try Bookings.planEnd(of: booking.id, at: slot.endsAt, in: change)
        try Audit.record(
            .moved,
            .booking,
            reference: booking.id.rawValue,
            about: booking.receiver,
            by: permit.acting,
            because: permit.reason,
            in: change
        )
        try change.record(
            BookingMoved(
                booking: booking.id,
                giver: booking.giver,
                receiver: booking.receiver,
                by: permit.acting.actor,
                onBehalfOf: permit.acting.onBehalfOf,
                time: BookedTime(startsAt: slot.startsAt, endsAt: slot.endsAt),
                before: booking.time
            )
        )
        return true
    }

    /// A visit is moved to a time that is still to come; one that has begun may end at another.
    static func check(_ booking: Booking, _ slot: Slot, at now: Instant) -> FormErrors? {
        if slot.startsAt < now, slot.startsAt != booking.startsAt {
            return FormErrors("day", Phrase("booking.form.past"))
        }
        if slot.endsAt <= now { return FormErrors("end", Phrase("booking.form.past")) }
        return nil
    }

    /// The rule alone.
    static func check(_ booking: Booking) throws(BookingRefusal) {
        switch booking.state {
        case .booked: return
        case .cancelled: throw .alreadyCancelled
        case .ended: throw .alreadyOver
        }
    }
}
