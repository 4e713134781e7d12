import Basics
import Web

/// What was typed to book a visit.
struct MakingForm: Sendable {
    let form: Form

    func checked(_ zone: CivilZone, at now: Instant) throws(FormErrors) -> Making.Plan {
        var errors = FormErrors()
        if form["title"].isEmpty { errors.add("title", Phrase("booking.form.title-missing")) }
        if form["title"].utf8.count > 200 { errors.add("title", Phrase("booking.form.long")) }
        let slot = Slot.read(form, zone, at: now, &errors)
        if form["place"].isEmpty { errors.add("place", Phrase("booking.form.place-missing")) }
        if form["place"].utf8.count > 400 { errors.add("place", Phrase("booking.form.long")) }
        guard errors.isEmpty, let slot else { throw errors }
        return Making.Plan(title: form["title"], place: form["place"], slot: slot)
    }
}
