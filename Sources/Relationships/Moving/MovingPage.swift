package import Basics
package import Templating
package import Web

/// Where the moving form stands: on a person's own pages, or under a grant.
package struct MovingFrame: Sendable {
    package let action: String
    package let back: String
    package let banner: Banner?

    package init(action: String, back: String, banner: Banner?) {
        self.action = action
        self.back = back
        self.banner = banner
    }
}

package struct MovingPage: Page {
    package static let template = "bookings/moving.html"
    package static var example: MovingPage {
        MovingPage(
            heading: "Morning visit",
            day: CivilDay(dayNumber: 20_780),
            start: CivilTime(hour: 9, minute: 0) ?? .midnight,
            end: CivilTime(hour: 10, minute: 0) ?? .midnight,
            frame: MovingFrame(
                action: "/bookings/0000000000001/moving",
                back: "/bookings/0000000000001",
                banner: nil
            ),
            form: Form([("day", "2026-11-24"), ("start", "9:00"), ("end", "10:00")]),
            errors: FormErrors("start", Phrase("booking.form.taken"))
        )
    }

    let heading: String
    let day: CivilDay
    let start: CivilTime
    let end: CivilTime
    let frame: MovingFrame
    let form: Form
    package let errors: FormErrors

    package var title: Phrase { Phrase("booking.moving.title") }
    package var banner: Banner? { frame.banner }

    package func record(_ words: Words) -> Record {
        [
            "heading": .text(heading),
            "oldDay": .text(words.day(day)),
            "oldStart": .text(words.time(start)),
            "oldEnd": .text(words.time(end)),
            "action": .text(frame.action),
            "back": .text(frame.back),
            "day": form.field("day", errors, words),
            "start": form.field("start", errors, words),
            "end": form.field("end", errors, words),
        ]
    }
}
