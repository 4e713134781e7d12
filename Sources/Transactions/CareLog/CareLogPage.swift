package import Basics
import Relationships
package import Templating
import Web

/// One visit as it was written down: what happened, who agreed, what it cost.
package struct CareLogPage: Page {
    /// What the reader can do next.
    enum Step: Sendable {
        case check
        case log
        case change
    }

    package static let template = "care-logs/show.html"
    package static var example: CareLogPage {
        let nine = CivilTime(hour: 9, minute: 0) ?? .midnight
        let ten = CivilTime(hour: 10, minute: 15) ?? .midnight
        let line = VersionLine(
            writer: .named("Ada"),
            start: nine,
            end: ten,
            minutes: Minutes(75),
            happened: true,
            why: "The bus was late."
        )
        return CareLogPage(
            id: CareLog.ID(rawValue: 1),
            booking: Booking.ID(rawValue: 1),
            giver: .named("Ada Whitaker"),
            receiver: .you,
            day: CivilDay(dayNumber: 20_776),
            current: line,
            tasks: [.medicine],
            note: "Cheerful. Ate all his porridge.",
            amount: .pence(2000),
            rate: .pence(1600),
            state: .pending,
            waitingFor: [.you],
            step: .check,
            earlier: [line],
            problem: AgreementRefusal.changedMeanwhile.phrase
        )
    }

    let id: CareLog.ID
    let booking: Booking.ID
    let giver: Who
    let receiver: Who
    let day: CivilDay
    let current: VersionLine
    let tasks: [CareTask]
    /// Nil when there is none, or when the reader may not see it.
    let note: String?
    let amount: Money
    let rate: Money?
    let state: Agreement.State
    let waitingFor: [Who]
    let step: Step?
    let earlier: [VersionLine]
    let problem: Phrase?

    package var title: Phrase { Phrase("care-log.title") }

    package func record(_ words: Words) -> Record {
        [
            "problem": problem.map { .text(words($0)) } ?? .none,
            "day": .text(words.fullDay(day)),
            "tag": .text(state == .pending ? "wait" : "go"),
            "state": .text(words(statePhrase(words))),
            "stepPath": step.map { .text(path($0)) } ?? .none,
            "stepLabel": step.map { .text(words(label($0))) } ?? .none,
            "giver": .text(giver.name(words)),
            "receiver": .text(receiver.name(words)),
            "now": .record(current.record(words)),
            "tasks": .list(tasks.map { .text(words($0.phrase)) }),
            "note": note.map { .text($0) } ?? .none,
            "amount": amount.minor > 0 ? .text(words.money(amount)) : .none,
            "rate": .text(words.money(rate ?? .pence(0))),
            "isEarned": .bool(giver == .you),
            "earlier": .list(earlier.map { .record($0.record(words)) }),
        ]
    }

    private func statePhrase(_ words: Words) -> Phrase {
        switch state {
        case .pending:
            let names = waitingFor.map { who in
                who == .you ? words(Phrase("who.you.within")) : who.name(words)
            }
            return Phrase(
                "care-log.state.pending",
                ["name": .text(names.joined(separator: ", "))]
            )
        case .confirmed:
            return amount.minor > 0
                ? Phrase("care-log.state.confirmed") : Phrase("care-log.state.free")
        case .paid: return Phrase("care-log.state.paid")
        }
    }

    private func path(_ step: Step) -> String {
        switch step {
        case .check: "/care-logs/\(id)/confirmation"
        case .log, .change: "/bookings/\(booking)/care-log"
        }
    }

    private func label(_ step: Step) -> Phrase {
        switch step {
        case .check: Phrase("care-log.check")
        case .log: Phrase("today.log")
        case .change: Phrase("care-log.change")
        }
    }
}
