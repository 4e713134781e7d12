import Basics
import Web

/// When a visit is: the rules that hold for making and for moving one.
struct Slot: Sendable, Equatable {
    static let longestMinutes: Int64 = 12 * 60
    static let furthestDays: Int64 = 365
    /// A visit that was forgotten may still be written down for a week.
    static let latestDays: Int64 = 7

    let startsAt: Instant
    let endsAt: Instant

    /// Reads day, start and end as typed. An end before the start is refused, not taken for the
    /// day after: it is a slip more often than a night, which is booked as two visits.
    static func read(
        _ form: Form,
        _ zone: CivilZone,
        at now: Instant,
        _ errors: inout FormErrors
    ) -> Slot? {
        if form["day"].isEmpty {
            errors.add("day", Phrase("booking.form.day-missing"))
        }
        let day = CivilDay(typed: form["day"])
        if day == nil { errors.add("day", Phrase("booking.form.day")) }
        let start = time("start", form, &errors)
        let end = time("end", form, &errors)
        guard let day, let start, let end else { return nil }
        guard start < end else {
            errors.add("end", Phrase("booking.form.end-first"))
            return nil
        }
        let slot = Slot(startsAt: zone.instant(day, start), endsAt: zone.instant(day, end))
        if let problem = slot.check(at: now) {
            errors.add(problem.field, problem.phrase)
            return nil
        }
        return slot
    }

    private static func time(
        _ field: String,
        _ form: Form,
        _ errors: inout FormErrors
    ) -> CivilTime? {
        guard !form[field].isEmpty else {
            errors.add(field, Phrase("booking.form.\(field)-missing"))
            return nil
        }
        guard let time = CivilTime(form[field]) else {
            errors.add(field, Phrase("booking.form.time"))
            return nil
        }
        return time
    }

    /// The rule alone.
    func check(at now: Instant) -> (field: String, phrase: Phrase)? {
        let day: Int64 = 24 * 60
        if endsAt <= startsAt { return ("end", Phrase("booking.form.end-first")) }
        if startsAt.minutes(until: endsAt) > Self.longestMinutes {
            return ("end", Phrase("booking.form.too-long"))
        }
        if startsAt < now.adding(minutes: -Self.latestDays * day) {
            return ("day", Phrase("booking.form.too-early"))
        }
        if startsAt > now.adding(minutes: Self.furthestDays * day) {
            return ("day", Phrase("booking.form.too-late"))
        }
        return nil
    }
}
