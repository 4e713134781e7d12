import Basics
import Testing
import Web

@testable import Relationships

@Suite struct SlotTests {
    /// Saturday 21 November 2026, 10:00.
    private let now = Instant(milliseconds: 1_795_255_200_000)

    private func read(_ day: String, _ start: String, _ end: String) throws -> (Slot?, FormErrors) {
        let zone = try #require(CivilZone(named: "Europe/London"))
        var errors = FormErrors()
        let form = Form([("day", day), ("start", start), ("end", end)])
        return (Slot.read(form, zone, at: now, &errors), errors)
    }

    @Test(arguments: [
        ("2026-11-23", "9:00", "10:00"), ("23/11/2026", "09.00", "10.30"),
        ("2026-11-15", "9:00", "21:00"), ("2027-11-20", "0:00", "0:01"),
    ])
    func `times as people type them are read`(day: String, start: String, end: String) throws {
        let (slot, errors) = try read(day, start, end)
        #expect(slot != nil && errors.isEmpty)
    }

    @Test(arguments: [
        ("", "9:00", "10:00", "day"), ("31/2/2027", "9:00", "10:00", "day"),
        ("tomorrow", "9:00", "10:00", "day"), ("2026-11-23", "", "10:00", "start"),
        ("2026-11-23", "25:00", "26:00", "start"), ("2026-11-23", "9", "10:00", "start"),
        ("2026-11-23", "9:00", "", "end"), ("2026-11-23", "10:00", "9:00", "end"),
        ("2026-11-23", "9:00", "9:00", "end"), ("2026-11-23", "9:00", "21:01", "end"),
        ("2026-11-13", "9:00", "10:00", "day"), ("2027-11-22", "9:00", "10:00", "day"),
    ])
    func `what cannot be is refused beside its field`(
        day: String,
        start: String,
        end: String,
        field: String
    ) throws {
        let (slot, errors) = try read(day, start, end)
        #expect(slot == nil)
        #expect(errors[field] != nil)
    }

    @Test func `a visit on the day the clocks change lasts as long as it says`() throws {
        let (slot, _) = try read("2027-03-28", "9:00", "10:00")
        let found = try #require(slot)
        #expect(found.startsAt.minutes(until: found.endsAt) == 60)
    }

    @Test(arguments: Booking.State.allCases)
    func `only what is still to come can be moved or cancelled`(state: Booking.State) {
        let booking = Booking(
            id: Booking.ID(rawValue: 1),
            relationship: Relationship.ID(rawValue: 1),
            giver: .init(rawValue: 1),
            receiver: .init(rawValue: 2),
            title: Sealed(bytes: []),
            place: Sealed(bytes: []),
            startsAt: now,
            endsAt: now,
            state: state
        )
        let refused: BookingRefusal?
        do throws(BookingRefusal) {
            try Moving.check(booking)
            refused = nil
        } catch {
            refused = error
        }
        switch state {
        case .booked: #expect(refused == nil)
        case .cancelled: #expect(refused == .alreadyCancelled)
        case .ended: #expect(refused == .alreadyOver)
        }
    }
}
