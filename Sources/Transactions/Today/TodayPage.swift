package import Basics
package import Templating
import Web

/// "Today": the visits someone gives, today's first, each with what is to be done next.
package struct TodayPage: Page {
    struct Visit: Sendable {
        enum Next: Sendable {
            case comes
            case canBeLogged
            case waitsForOther
            case waitsForYou(CareLog.ID)
            case agreed
            /// Not agreed, and the two have ended since.
            case closed
        }

        let path: String
        /// Nil when no longer known.
        let receiver: String?
        let heading: String
        let place: String
        let start: CivilTime
        let end: CivilTime
        let next: Next
    }

    struct Day: Sendable {
        let day: CivilDay
        let visits: [Visit]
    }

    package static let template = "today.html"
    package static var example: TodayPage {
        let visit = Visit(
            path: "/bookings/0000000000001",
            receiver: "Ben Okafor",
            heading: "Morning visit",
            place: "At home",
            start: CivilTime(hour: 9, minute: 0) ?? .midnight,
            end: CivilTime(hour: 10, minute: 0) ?? .midnight,
            next: .waitsForYou(CareLog.ID(rawValue: 1))
        )
        let day = CivilDay(dayNumber: 20_778)
        return TodayPage(
            today: day,
            earlier: [Day(day: day, visits: [visit])],
            visits: [visit],
            later: [Day(day: day.adding(days: 1), visits: [visit])]
        )
    }

    let today: CivilDay
    /// Visits of the days before that are not agreed yet.
    let earlier: [Day]
    let visits: [Visit]
    let later: [Day]

    package var title: Phrase { Phrase("today.title") }

    package func record(_ words: Words) -> Record {
        [
            "today": .text(words.day(today)),
            "earlier": .list(earlier.map { .record(record($0, words)) }),
            "visits": .list(visits.map { .record(record($0, words)) }),
            "later": .list(later.map { .record(record($0, words)) }),
        ]
    }

    private func record(_ day: Day, _ words: Words) -> Record {
        [
            "day": .text(words.day(day.day)),
            "visits": .list(day.visits.map { .record(record($0, words)) }),
        ]
    }

    private func record(_ visit: Visit, _ words: Words) -> Record {
        var logPath: String?
        var checkPath: String?
        let state: (tag: String, text: String)
        switch visit.next {
        case .comes: state = ("go", "today.state.comes")
        case .canBeLogged:
            state = ("wait", "today.state.to-log")
            logPath = visit.path + "/care-log"
        case .waitsForOther: state = ("wait", "today.state.waits")
        case .waitsForYou(let id):
            state = ("wait", "today.state.waits-for-you")
            checkPath = "/care-logs/\(id)/confirmation"
        case .agreed: state = ("go", "today.state.agreed")
        case .closed: state = ("stop", "today.state.closed")
        }
        return [
            "path": .text(visit.path),
            "receiver": .text(visit.receiver ?? words(Phrase("who.someone"))),
            "heading": .text(visit.heading),
            "place": .text(visit.place),
            "start": .text(words.time(visit.start)),
            "end": .text(words.time(visit.end)),
            "tag": .text(state.tag),
            "state": .text(words(Phrase(state.text))),
            "logPath": .text(logPath ?? ""),
            "checkPath": .text(checkPath ?? ""),
        ]
    }
}
