import Basics
import Events
import Identity
import Store
import Web

/// Making a booking (APT-01, APT-08).
enum Making {
    /// What is to be booked, checked.
    struct Plan: Sendable {
        let title: String
        let place: String
        let slot: Slot
    }

    static func make(
        _ permit: MayBook,
        _ plan: Plan,
        once key: String,
        _ records: Records,
        in change: borrowing Change
    ) throws -> Booking.ID {
        let relationship = permit.relationship
        if let made = try BookingStore.made(once: key, in: change.snapshot) {
            guard try isSame(made, relationship, plan, records, permit.acting, change.snapshot)
            else { throw BookingRefusal.otherwiseSent }
            return made.id
        }
        let isTaken = try BookingStore.isTaken(
            relationship.supporter,
            from: plan.slot.startsAt,
            until: plan.slot.endsAt,
            otherThan: nil,
            in: change.snapshot
        )
        guard !isTaken else { throw FormErrors("start", Phrase("booking.form.taken")) }
        let id = change.newID(Booking.self)
        let receiver = relationship.supported
        try BookingStore.insert(
            Booking(
                id: id,
                relationship: relationship.id,
                giver: relationship.supporter,
                receiver: receiver,
                title: try records.seal(
                    plan.title,
                    of: receiver,
                    at: .booking(id, "title"),
                    in: change
                ),
                place: try records.seal(
                    plan.place,
                    of: receiver,
                    at: .booking(id, "place"),
                    in: change
                ),
                startsAt: plan.slot.startsAt,
                endsAt: plan.slot.endsAt,
                state: .booked
            ),
            once: key,
            by: permit.acting.actor,
            in: change
        )
        try Bookings.planEnd(of: id, at: plan.slot.endsAt, in: change)
        try Audit.record(
            .made,
            .booking,
            reference: id.rawValue,
            about: receiver,
            by: permit.acting,
            because: permit.reason,
            in: change
        )
        try change.record(
            BookingMade(
                booking: id,
                giver: relationship.supporter,
                receiver: receiver,
                by: permit.acting.actor,
                onBehalfOf: permit.acting.onBehalfOf,
                time: BookedTime(startsAt: plan.slot.startsAt, endsAt: plan.slot.endsAt)
            )
        )
        return id
    }

    /// Whether an earlier press of the button made just this.
    private static func isSame(
        _ made: Booking,
        _ relationship: Relationship,
        _ plan: Plan,
        _ records: Records,
        _ acting: Acting,
        _ data: borrowing Snapshot
    ) throws -> Bool {
        guard made.relationship == relationship.id,
            plan.slot == Slot(startsAt: made.startsAt, endsAt: made.endsAt)
        else { return false }
        return try Bookings.title(of: made, to: acting, records, in: data) == plan.title
            && Bookings.place(of: made, to: acting, records, in: data) == plan.place
    }
}
