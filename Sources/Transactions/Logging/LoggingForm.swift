import Basics
import Web

/// What was typed to log a visit. The day is the booking's own.
struct LoggingForm: Sendable {
    let form: Form

    func checked(
        _ day: CivilDay,
        _ zone: CivilZone,
        overNight isOverNight: Bool = false,
        at now: Instant
    ) throws(FormErrors) -> Logging.Plan {
        var errors = FormErrors()
        let times = VisitTimes.read(
            form,
            day,
            zone,
            overNight: isOverNight,
            at: now,
            &errors
        )
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
