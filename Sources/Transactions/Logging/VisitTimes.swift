import Basics
import Web

/// The times of a visit as typed: both there, in order, and over.
enum VisitTimes {
    /// The day is the visit's own. One that was booked over midnight may end on the day after.
    static func read(
        _ form: Form,
        _ day: CivilDay,
        _ zone: CivilZone,
        overNight isOverNight: Bool,
        at now: Instant,
        _ errors: inout FormErrors
    ) -> (started: Instant, ended: Instant)? {
        let start = time("start", form, &errors)
        let end = time("end", form, &errors)
        guard let start, let end else { return nil }
        let endsNextDay = isOverNight && end <= start
        let started = zone.instant(day, start)
        let ended = zone.instant(endsNextDay ? day.adding(days: 1) : day, end)
        // The instants, since on the night when the clocks go forward an hour is missing.
        guard started < ended else {
            errors.add("end", Phrase("care-log.form.end-first"))
            return nil
        }
        // A few minutes of grace: clocks differ, and people log as they leave.
        guard ended <= now.adding(minutes: 15) else {
            errors.add("end", Phrase("care-log.form.not-over"))
            return nil
        }
        return (started, ended)
    }

    private static func time(
        _ field: String,
        _ form: Form,
        _ errors: inout FormErrors
    ) -> CivilTime? {
        guard !form[field].isEmpty else {
            errors.add(field, Phrase("care-log.form.\(field)-missing"))
            return nil
        }
        guard let time = CivilTime(form[field]) else {
            errors.add(field, Phrase("care-log.form.time"))
            return nil
        }
        return time
    }
}
