import Testing

@testable import Basics

@Suite struct TimestampTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (1_795_255_200_000, "2026-11-21T10:00:00.000Z"),
        (951_782_400_123, "2000-02-29T00:00:00.123Z"),
    ])
    func `a moment is written and read again`(milliseconds: Int64, text: String) {
        let instant = Instant(milliseconds: milliseconds)
        #expect(instant.timestamp == text)
        #expect(Instant(timestamp: text) == instant)
    }

    @Test(arguments: [
        "2026-11-21T10:00:00Z", "2026-11-21t10:00:00z", "2026-11-21T11:30:00+01:30",
        "2026-11-21T00:00:00-10:00", "2026-11-21T10:00:00.0009Z",
    ])
    func `one moment has many spellings`(text: String) {
        #expect(Instant(timestamp: text)?.milliseconds == 1_795_255_200_000)
    }

    @Test(arguments: [
        "", "2026-11-21", "2026-11-21T10:00Z", "2026-11-21T10:00:00", "2026-02-30T10:00:00Z",
        "2026-11-21T24:00:00Z", "2026-11-21T10:60:00Z", "2026-11-21T23:59:60Z",
        "2026-11-21T10:00:00.Z", "2026-11-21T10:00:00+0100", "2026-11-21T10:00:00Z ",
        "2026-11-21 10:00:00Z", "+026-11-21T10:00:00Z", "２026-11-21T10:00:00Z",
    ])
    func `what is no timestamp is none`(text: String) {
        #expect(Instant(timestamp: text) == nil)
    }
}
