import Basics
import Events
package import Identity
package import Store

/// Reading a booking's sealed words, and ending it when its time is over.
package enum Bookings {
    package static func title(
        of booking: Booking,
        to acting: Acting,
        _ records: Records,
        in data: borrowing Snapshot
    ) throws -> String {
        try open(booking.title, "title", of: booking, to: acting, records, in: data)
    }

    package static func place(
        of booking: Booking,
        to acting: Acting,
        _ records: Records,
        in data: borrowing Snapshot
    ) throws -> String {
        try open(booking.place, "place", of: booking, to: acting, records, in: data)
    }

    /// Opening one booking is told by name; a list of them as "your visits".
    private static func open(
        _ sealed: Sealed,
        _ column: String,
        of booking: Booking,
        to acting: Acting,
        _ records: Records,
        in data: borrowing Snapshot
    ) throws -> String {
        let disclosure = try records.disclose(
            .visits,
            of: booking.receiver,
            to: acting,
            in: data
        )
        return try records.open(
            sealed,
            at: .booking(booking.id, column),
            under: disclosure,
            in: data
        )
    }

    /// The time is over: the booking ends, and whoever keeps the care log hears of it.
    static func end(_ id: Booking.ID, in change: borrowing Change) throws {
        guard let booking = try BookingStore.find(id, in: change.snapshot),
            booking.state == .booked, booking.endsAt <= change.now
        else { return }
        try BookingStore.setState(.ended, id, in: change)
        try change.record(
            BookingEnded(booking: id, giver: booking.giver, receiver: booking.receiver)
        )
    }

    /// How it went has been written down, so it is over even before its time is: it can no longer
    /// be moved or cancelled, and nobody has to be told that its log waits.
    package static func close(_ id: Booking.ID, in change: borrowing Change) throws {
        try BookingStore.setState(.ended, id, in: change)
        try change.cancelJob(key: "booking-end-\(id)")
    }

    static func planEnd(of id: Booking.ID, at: Instant, in change: borrowing Change) throws {
        try change.schedule(BookingEnd(booking: id), at: at, key: "booking-end-\(id)")
    }
}

extension SealPlace {
    static func booking(_ id: Booking.ID, _ column: String) -> SealPlace {
        SealPlace(table: "relationships_booking", column: column, row: id.rawValue)
    }
}
