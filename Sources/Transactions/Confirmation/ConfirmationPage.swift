package import Basics
import Relationships
package import Templating
package import Web

/// "Check and confirm": what the other says happened, and the ways to answer.
package struct ConfirmationPage: Page {
    package static let template = "care-logs/confirmation.html"
    package static var example: ConfirmationPage {
        let nine = CivilTime(hour: 9, minute: 0) ?? .midnight
        let ten = CivilTime(hour: 10, minute: 15) ?? .midnight
        let before = VersionLine(
            writer: .booking,
            start: nine,
            end: CivilTime(hour: 10, minute: 0) ?? .midnight,
            minutes: Minutes(60),
            happened: true,
            why: nil
        )
        return ConfirmationPage(
            id: CareLog.ID(rawValue: 1),
            booking: Booking.ID(rawValue: 1),
            version: 2,
            giver: .named("Ada"),
            receiver: .you,
            day: CivilDay(dayNumber: 20_776),
            current: VersionLine(
                writer: .named("Ada"),
                start: nine,
                end: ten,
                minutes: Minutes(75),
                happened: true,
                why: "The bus was late."
            ),
            before: before,
            tasks: [.medicine],
            note: "Cheerful.",
            amount: .pence(2000),
            rate: .pence(1600),
            mayAdjust: true,
            form: Form([("start", "9:00"), ("end", "10:15"), ("why", "The bus was late.")]),
            errors: FormErrors("end", Phrase("care-log.form.end-first"))
        )
    }

    let id: CareLog.ID
    let booking: Booking.ID
    let version: Int
    let giver: Who
    let receiver: Who
    let day: CivilDay
    let current: VersionLine
    let before: VersionLine?
    let tasks: [CareTask]
    let note: String?
    let amount: Money
    let rate: Money?
    let mayAdjust: Bool
    let form: Form
    package let errors: FormErrors

    package var title: Phrase { Phrase("confirmation.title") }

    package func record(_ words: Words) -> Record {
        let isMissing = errors["missed-why"] != nil
        return [
            "id": .text(id.description),
            "careLog": .text(id.description),
            "booking": .text(booking.description),
            "version": .text(String(version)),
            "text": .text(words(text(words))),
            "change": change(words).map { .text(words($0)) } ?? .none,
            "why": current.why.map { .text($0) } ?? .none,
            "happened": .bool(current.happened),
            "canLog": .bool(giver == .you && current.writer == .booking),
            "minutes": .text(words.minutes(current.minutes)),
            "tasks": .list(tasks.map { .text(words($0.phrase)) }),
            "note": note.map { .text($0) } ?? .none,
            "amount": amount.minor > 0 ? .text(words.money(amount)) : .none,
            "rate": .text(words.money(rate ?? .pence(0))),
            "isEarned": .bool(giver == .you),
            "mayAdjust": .bool(mayAdjust),
            "start": form.field("start", errors, words),
            "end": form.field("end", errors, words),
            "whyField": form.field("why", errors, words),
            "missedWhy": form.field("missed-why", errors, words),
            "isAdjusting": .bool(!errors.isEmpty && !isMissing),
            "isMissing": .bool(isMissing),
        ]
    }

    /// What is said, and by whom: that it was so, that it was booked so, or that it was not.
    private func text(_ words: Words) -> Phrase {
        let facts: [String: Phrase.Argument] = [
            "giver": .text(giver.name(words)),
            "receiver": .text(receiver.name(words)),
            "writer": .text(current.writer.name(words)),
            "day": .day(day),
            "start": .time(current.start),
            "end": .time(current.end),
        ]
        guard current.happened else { return Phrase("confirmation.text.missed", facts) }
        if current.writer == .booking {
            return giver == .you
                ? Phrase("confirmation.text.booked.giver", facts)
                : Phrase("confirmation.text.booked", facts)
        }
        if giver == .you { return Phrase("confirmation.text.giver", facts) }
        if receiver == .you { return Phrase("confirmation.text.receiver", facts) }
        return Phrase("confirmation.text", facts)
    }

    /// What is different from what it said before.
    private func change(_ words: Words) -> Phrase? {
        guard let before, current.writer != .booking else { return nil }
        let facts: [String: Phrase.Argument] = [
            "name": .text(current.writer.name(words)),
            "oldStart": .time(before.start),
            "oldEnd": .time(before.end),
            "start": .time(current.start),
            "end": .time(current.end),
        ]
        guard before.happened else { return Phrase("confirmation.change.missed", facts) }
        guard current.happened, before.start != current.start || before.end != current.end else {
            return nil
        }
        return before.writer == .booking
            ? Phrase("confirmation.change.booked", facts) : Phrase("confirmation.change", facts)
    }
}
