import Basics
import Web

/// What was typed to say how a visit was instead: other times, or that it did not happen.
struct AdjustmentForm: Sendable {
    static let whyBytes = 500

    struct Said: Sendable {
        let startedAt: Instant
        let endedAt: Instant
        let happened: Bool
        let why: String
    }

    let form: Form

    var isMissed: Bool { form["happened"] == "no" }

    private var whyField: String { isMissed ? "missed-why" : "why" }

    func checked(
        _ version: CareLog.Version,
        _ zone: CivilZone,
        at now: Instant
    ) throws(FormErrors) -> Said {
        var errors = FormErrors()
        var times: (started: Instant, ended: Instant)? = (version.startedAt, version.endedAt)
        if !isMissed {
            let day = zone.day(of: version.startedAt)
            times = VisitTimes.read(
                form,
                day,
                zone,
                overNight: zone.day(of: version.endedAt) > day,
                at: now,
                &errors
            )
        }
        if form[whyField].utf8.count > Self.whyBytes {
            errors.add(whyField, Phrase("adjustment.why.long"))
        }
        guard errors.isEmpty, let times else { throw errors }
        return Said(
            startedAt: times.started,
            endedAt: times.ended,
            happened: !isMissed,
            why: form[whyField]
        )
    }

    /// Nothing is different: that may be meant as a yes or be a slip, so it counts as neither.
    var unchanged: FormErrors {
        FormErrors(
            isMissed ? "missed-why" : "start",
            isMissed ? Phrase("missed.unchanged") : Phrase("adjustment.unchanged")
        )
    }
}

extension AdjustmentForm.Said {
    func isSame(as version: CareLog.Version) -> Bool {
        happened == version.happened
            && (!happened || startedAt == version.startedAt && endedAt == version.endedAt)
    }
}
