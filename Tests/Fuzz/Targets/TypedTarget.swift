import Basics
import Web

@testable import Channels
@testable import Relationships
@testable import Transactions

/// What people type into the fields of a form, a line each: read it, write it, and it reads the
/// same; a form with it in every field gives a plan within its limits or an error.
enum TypedTarget {
    static func check(_ bytes: [UInt8]) throws {
        let typed = lines(bytes, 4).map { $0 ?? "" }
        for text in typed {
            try checkDay(text)
            try checkTime(text)
            try checkTimestamp(text)
            try checkPostcode(text)
            if let id = Identifier<Booking>(text) { try same("\(id)", text, "the id's spelling") }
        }
        let form = Form([
            ("day", typed[0]), ("start", typed[1]), ("end", typed[2]), ("note", typed[3]),
            ("tasks", typed[3]),
        ])
        try checkSlot(form)
        try checkVisit(form, CivilDay(typed: typed[0]))
    }

    private static func checkDay(_ text: String) throws {
        if let day = CivilDay(text) { try same("\(day)", text, "ISO text") }
        guard let day = CivilDay(typed: text) else { return }
        try same(CivilDay("\(day)"), day, "the day again")
        try same(CivilDay(dayNumber: day.dayNumber), day, "the day by its number")
        try same(day.adding(days: 1).weekday, (day.weekday + 1) % 7, "the day after")
        for zone in zones {
            try same(zone.day(of: zone.instant(day, noon)), day, "the day where it is noon")
        }
    }

    private static func checkTimestamp(_ text: String) throws {
        guard let instant = Instant(timestamp: text) else { return }
        let spelt = instant.timestamp
        // An offset may lead out of the years that can be written.
        guard !spelt.hasPrefix("0000") && spelt.utf8.count == 24 else { return }
        try same(Instant(timestamp: spelt), instant, "the moment again")
        if text.utf8.count == 24, text.hasSuffix("Z") { try same(spelt, text.uppercased(), "it") }
    }

    private static func checkTime(_ text: String) throws {
        guard let time = CivilTime(text) else { return }
        try same(CivilTime("\(time)"), time, "the time again")
        try hold((0..<1440).contains(time.minutesSinceMidnight), "a time of day")
    }

    private static func checkPostcode(_ text: String) throws {
        guard let postcode = Postcode(text) else { return }
        try same(Postcode(postcode.text), postcode, "the postcode again")
        try same(postcode.text.utf8.dropLast(3).last, 0x20, "its blank")
        let typed = text.utf8.filter { $0 != 0x20 }
        try same(typed.count, postcode.text.utf8.count - 1, "every letter was typed")
        try hold(postcode.isIn([String(postcode.text.prefix { $0 != " " })]), "its own area")
        try hold(!postcode.isIn([]), "no area")
    }

    private static func checkSlot(_ form: Form) throws {
        for zone in zones {
            var errors = FormErrors()
            let slot = Slot.read(form, zone, at: now, &errors)
            try same(slot == nil, !errors.isEmpty, "a slot or an error")
            guard let slot else { continue }
            try hold(slot.startsAt < slot.endsAt, "it ends after it began")
            let longest = Slot.longestMinutes * 60_000
            let length = slot.endsAt.milliseconds - slot.startsAt.milliseconds
            try hold(length <= longest, "it is no longer than allowed")
        }
    }

    private static func checkVisit(_ form: Form, _ day: CivilDay?) throws {
        guard let day else { return }
        for zone in zones {
            guard let plan = try? LoggingForm(form: form).checked(day, zone, at: now) else {
                continue
            }
            try hold(plan.startedAt < plan.endedAt, "it ends after it began")
            try hold(plan.endedAt <= now.adding(minutes: 15), "it is over")
            try hold(plan.note.utf8.count <= 8000, "the note is bounded")
        }
    }

    private static let zones = ["Europe/London", "UTC"].compactMap(CivilZone.init(named:))
    private static let noon = CivilTime(hour: 12, minute: 0) ?? .midnight
    /// Saturday 21 November 2026, 10:00.
    private static let now = Instant(milliseconds: 1_795_255_200_000)
}
