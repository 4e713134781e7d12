package import Basics
package import Templating
import Web

/// "Your week": what waits for the person first, then what is coming, then money and record.
package struct WeekPage: Page {
    struct Waiting: Sendable {
        let giver: Who
        let receiver: Who
        /// False for what the platform opened and nobody has spoken of yet.
        let isSaid: Bool
        let happened: Bool
        let day: CivilDay
        let start: CivilTime
        let end: CivilTime
        let careLog: CareLog.ID
    }

    struct Visit: Sendable {
        let path: String
        let heading: String
        let giver: Who
        let receiver: Who
        let place: String
        let day: CivilDay
        let start: CivilTime
        let end: CivilTime
        let isNow: Bool
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
        let line = Waiting(
            giver: .named("Ada"),
            receiver: .named("Ben"),
            isSaid: true,
            happened: true,
            day: day,
            start: nine,
            end: ten,
            careLog: CareLog.ID(rawValue: 1)
        )
        return WeekPage(
            name: "Ben",
            greeting: .morning,
            today: day,
            waiting: [line],
            sent: [line],
            visits: [
                Visit(
                    path: "/bookings/0000000000001",
                    heading: "Morning visit",
                    giver: .named("Ada"),
                    receiver: .named("Ben"),
                    place: "At home",
                    day: day,
                    start: nine,
                    end: ten,
                    isNow: true
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
    /// What was answered and waits for the other.
    let sent: [Waiting]
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
            "sent": .list(sent.map { .record(record($0, words)) }),
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
            "giver": .text(waiting.giver.name(words)),
            "receiver": waiting.receiver == .you ? .none : .text(waiting.receiver.name(words)),
            "text": .text(words(text(waiting, words))),
            "day": .text(words.day(waiting.day)),
            "id": .text(waiting.careLog.description),
        ]
    }

    private func text(_ waiting: Waiting, _ words: Words) -> Phrase {
        let facts: [String: Phrase.Argument] = [
            "giver": .text(waiting.giver.name(words)),
            "day": .day(waiting.day),
            "start": .time(waiting.start),
            "end": .time(waiting.end),
        ]
        guard waiting.isSaid else { return Phrase("week.waiting.text.booked", facts) }
        guard waiting.happened else { return Phrase("week.waiting.text.missed", facts) }
        return waiting.receiver == .you
            ? Phrase("week.waiting.text", facts) : Phrase("week.waiting.for.text", facts)
    }

    private func record(_ visit: Visit, _ words: Words) -> Record {
        [
            "path": .text(visit.path),
            "heading": .text(visit.heading),
            "giver": .text(visit.giver.name(words)),
            "receiver": visit.receiver == .you ? .none : .text(visit.receiver.name(words)),
            "place": .text(visit.place),
            "isNow": .bool(visit.isNow),
            "weekday": .text(words.shortWeekday(visit.day)),
            "dayNumber": .int(visit.day.day),
            "month": .text(words.shortMonth(visit.day.month)),
            "start": .text(words.time(visit.start)),
            "end": .text(words.time(visit.end)),
        ]
    }
}
