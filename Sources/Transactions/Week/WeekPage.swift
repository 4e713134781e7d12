package import Basics
package import Templating
import Web

/// "Your week": what waits for the person first, then what is coming, then money and record.
package struct WeekPage: Page {
    struct Waiting: Sendable {
        let giver: String
        let receiver: String?
        let day: CivilDay
        let start: CivilTime
        let end: CivilTime
        let careLog: CareLog.ID
    }

    struct Visit: Sendable {
        let path: String
        let heading: String
        let giver: String
        let receiver: String?
        let place: String
        let day: CivilDay
        let start: CivilTime
        let end: CivilTime
    }

    struct Look: Sendable {
        let name: String?
        let day: CivilDay
        let time: CivilTime
    }

    package static let template = "week.html"
    package static var example: WeekPage {
        let day = CivilDay(dayNumber: 20_778)
        let nine = CivilTime(hour: 9, minute: 0) ?? .midnight
        let ten = CivilTime(hour: 10, minute: 15) ?? .midnight
        return WeekPage(
            name: "Ben",
            greeting: .morning,
            today: day,
            waiting: [
                Waiting(
                    giver: "Ada",
                    receiver: "Ben",
                    day: day,
                    start: nine,
                    end: ten,
                    careLog: CareLog.ID(rawValue: 1)
                )
            ],
            visits: [
                Visit(
                    path: "/bookings/0000000000001",
                    heading: "Morning visit",
                    giver: "Ada",
                    receiver: "Ben",
                    place: "At home",
                    day: day,
                    start: nine,
                    end: ten
                )
            ],
            asked: 1,
            balance: .pence(18_450),
            look: Look(name: "Ada", day: day, time: nine)
        )
    }

    enum Greeting: String, Sendable {
        case morning
        case afternoon
        case evening

        init(_ time: CivilTime) {
            self = time.hour < 12 ? .morning : time.hour < 18 ? .afternoon : .evening
        }
    }

    let name: String
    let greeting: Greeting
    let today: CivilDay
    let waiting: [Waiting]
    let visits: [Visit]
    /// How many ask for leave to help.
    let asked: Int
    /// Nil for someone who only arranges.
    let balance: Money?
    let look: Look?

    package var title: Phrase { Phrase("week.title") }

    package func record(_ words: Words) -> Record {
        [
            "greeting": .text(words(Phrase("week.\(greeting.rawValue)", ["name": .text(name)]))),
            "today": .text(words.day(today)),
            "planned": .int(visits.count),
            "waiting": .list(waiting.map { .record(record($0, words)) }),
            "visits": .list(visits.map { .record(record($0, words)) }),
            "asked": .int(asked),
            "balance": balance.map { .text(words.money($0)) } ?? .none,
            "isOwed": .bool(balance?.isNegative == true),
            "look": look.map { look in
                .record([
                    "name": .text(look.name ?? words(Phrase("week.the-platform"))),
                    "day": .text(words.day(look.day)),
                    "time": .text(words.time(look.time)),
                ])
            } ?? .none,
        ]
    }

    private func record(_ waiting: Waiting, _ words: Words) -> Record {
        [
            "giver": .text(waiting.giver),
            "receiver": waiting.receiver.map { .text($0) } ?? .none,
            "day": .text(words.day(waiting.day)),
            "start": .text(words.time(waiting.start)),
            "end": .text(words.time(waiting.end)),
            "id": .text(waiting.careLog.description),
        ]
    }

    private func record(_ visit: Visit, _ words: Words) -> Record {
        [
            "path": .text(visit.path),
            "heading": .text(visit.heading),
            "giver": .text(visit.giver),
            "receiver": visit.receiver.map { .text($0) } ?? .none,
            "place": .text(visit.place),
            "weekday": .text(words.shortWeekday(visit.day)),
            "dayNumber": .int(visit.day.day),
            "month": .text(words.shortMonth(visit.day.month)),
            "start": .text(words.time(visit.start)),
            "end": .text(words.time(visit.end)),
        ]
    }
}
