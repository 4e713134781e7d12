import Basics
import Events
import Identity
import Store

/// Cancelling a booking (APT-06). It never reaches the care log.
enum Cancellation {
    static func cancel(_ permit: MayChange, in change: borrowing Change) throws {
        let booking = permit.booking
        // The same may be cancelled as may be moved: what has not happened yet.
        try Moving.check(booking)
        try BookingStore.setState(.cancelled, booking.id, in: change)
        try change.cancelJob(key: "booking-end-\(booking.id)")
        try Audit.record(
            .cancelled,
            .booking,
            reference: booking.id.rawValue,
            about: booking.receiver,
            by: permit.acting,
            because: permit.reason,
            in: change
        )
        try change.record(
            BookingCancelled(
                booking: booking.id,
                giver: booking.giver,
                receiver: booking.receiver,
                by: permit.acting.actor,
                onBehalfOf: permit.acting.onBehalfOf,
                time: booking.time
            )
        )
    }
}
