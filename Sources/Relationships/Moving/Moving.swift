import Basics
import Events
import Identity
import Store
import Web

/// Giving a booking another time (APT-05). The other is told; the old end is forgotten.
enum Moving {
    static func move(
        _ permit: MayChange,
        to slot: Slot,
        in change: borrowing Change
    ) throws {
        let booking = permit.booking
        try check(booking)
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
                by: permit.acting.actor
            )
        )
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
