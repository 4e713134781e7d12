import Basics
import Testing
import Web

@testable import Relationships

@Suite struct MovingTests {
    /// Saturday 21 November 2026, 10:00.
    private let now = Instant(milliseconds: 1_795_255_200_000)

    /// Minutes from now, before and after; and the field that is wrong.
    @Test(
        arguments: [
            ((60, 120), (180, 240), nil), ((60, 120), (0, 60), nil), ((60, 120), (-1, 60), "day"),
            ((60, 120), (-120, -60), "day"), ((-30, 30), (-30, 90), nil),
            ((-30, 30), (-60, 30), "day"), ((-30, 30), (-30, 0), "end"), ((-30, 30), (30, 90), nil),
        ] as [((Int64, Int64), (Int64, Int64), String?)]
    )
    func `a visit is moved to what is still to come`(
        was: (Int64, Int64),
        becomes: (Int64, Int64),
        field: String?
    ) {
        let booking = Booking(
            id: Booking.ID(rawValue: 1),
            relationship: Relationship.ID(rawValue: 1),
            giver: .init(rawValue: 1),
            receiver: .init(rawValue: 2),
            title: Sealed(bytes: []),
            place: Sealed(bytes: []),
            startsAt: now.adding(minutes: was.0),
            endsAt: now.adding(minutes: was.1),
            state: .booked
        )
        let slot = Slot(
            startsAt: now.adding(minutes: becomes.0),
            endsAt: now.adding(minutes: becomes.1)
        )
        #expect(Moving.check(booking, slot, at: now)?.entries.first?.field == field)
    }
}
