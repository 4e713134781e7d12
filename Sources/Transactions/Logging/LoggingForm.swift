import Basics
import Web

/// What was typed to log a visit. The day is the booking's own.
struct LoggingForm: Sendable {
    let form: Form

    func checked(
        _ day: CivilDay,
        _ zone: CivilZone,
        at now: Instant
    ) throws(FormErrors) -> Logging.Plan {
        var errors = FormErrors()
        let times = VisitTimes.read(form, day, zone, at: now, &errors)
        let tasks = form.all("tasks").compactMap(CareTask.init)
        if form["note"].utf8.count > 8000 { errors.add("note", Phrase("care-log.form.note-long")) }
        guard errors.isEmpty, let times else { throw errors }
        return Logging.Plan(
            startedAt: times.started,
            endedAt: times.ended,
            tasks: tasks,
            note: form["note"]
        )
    }
}

/// The times of a visit as typed: both there, in order, and over.
enum VisitTimes {
    static func read(
        _ form: Form,
        _ day: CivilDay,
        _ zone: CivilZone,
        at now: Instant,
        _ errors: inout FormErrors
    ) -> (started: Instant, ended: Instant)? {
        let start = time("start", form, &errors)
        let end = time("end", form, &errors)
        guard let start, let end else { return nil }
        guard start < end else {
            errors.add("end", Phrase("care-log.form.end-first"))
            return nil
        }
        let ended = zone.instant(day, end)
        // A few minutes of grace: clocks differ, and people log as they leave.
        guard ended <= now.adding(minutes: 15) else {
            errors.add("end", Phrase("care-log.form.not-over"))
            return nil
        }
        return (zone.instant(day, start), ended)
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
