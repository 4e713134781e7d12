import Basics
import Testing
import Web

@testable import Transactions

/// The times of a visit as they are typed.
@Suite struct VisitTimesTests {
    private let zone: CivilZone
    private let day = CivilDay(dayNumber: 20_776)

    init() throws {
        zone = try #require(CivilZone(named: "Europe/London"))
    }

    private func minutes(
        _ start: String,
        _ end: String,
        overNight: Bool = false,
        on day: CivilDay? = nil
    ) -> Int64? {
        var errors = FormErrors()
        let day = day ?? self.day
        let times = VisitTimes.read(
            Form([("start", start), ("end", end)]),
            day,
            zone,
            overNight: overNight,
            at: zone.instant(day.adding(days: 2), .midnight),
            &errors
        )
        return times.map { $0.started.minutes(until: $0.ended) }
    }

    @Test func `a visit by day ends after it began`() {
        #expect(minutes("9:00", "10:15") == 75)
        #expect(minutes("10:15", "9:00") == nil)
        #expect(minutes("9:00", "9:00") == nil)
    }

    @Test func `a night that was booked over midnight ends on the day after`() {
        #expect(minutes("22:00", "6:00", overNight: true) == 480)
        #expect(minutes("22:00", "23:30", overNight: true) == 90)
        #expect(minutes("22:00", "6:00") == nil)
    }

    @Test func `the missing hour of spring is no time, and the double one of autumn is counted`()
        throws
    {
        let spring = try #require(CivilDay(typed: "2026-03-29"))
        #expect(minutes("0:30", "2:30", on: spring) == 60)
        #expect(minutes("1:30", "2:15", on: spring) == nil)
        let autumn = try #require(CivilDay(typed: "2026-10-25"))
        #expect(minutes("0:30", "2:30", on: autumn) == 180)
    }
}
