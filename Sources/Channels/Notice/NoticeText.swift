import Basics
import Identity
import Relationships
import Store
import Transactions

/// A notice in words: what happened, with whom, from when to when, and who did it. It speaks of
/// what waits only while it waits.
struct NoticeText: Sendable {
    let records: Records
    let zone: CivilZone
    let person: SignedIn

    func what(_ notice: Notice, in data: borrowing Snapshot) throws -> Phrase {
        var key = "notice.\(notice.kind.rawValue)"
        var arguments: [String: Phrase.Argument] = [:]
        if let time = notice.details.time { arguments["when"] = .phrase(phrase(time)) }
        if let before = notice.details.before { arguments["before"] = .phrase(phrase(before)) }
        if let hat = notice.details.hat { arguments["hat"] = .phrase(hat.phrase) }
        switch notice.kind {
        case .bookingMade, .bookingMoved, .bookingCancelled:
            if notice.details.time == nil { key += ".some-time" }
        case .careLogWaiting, .careLogConfirmed, .careLogPaid:
            let news = try CareLogs.news(
                of: CareLog.ID(rawValue: notice.reference),
                for: person.id,
                in: data
            )
            guard let news else { return Phrase("notice.gone") }
            arguments["when"] = .phrase(phrase(news.time))
            arguments["amount"] = .money(news.amount)
            if notice.kind == .careLogWaiting, !news.waits { key += ".done" }
        case .moneyReceived, .receiptCorrected:
            let amount = try Receipts.amount(
                of: Receipt.ID(rawValue: notice.reference),
                for: person.id,
                in: data
            )
            guard let amount else { return Phrase("notice.gone") }
            arguments["amount"] = .money(amount)
        case .grantAsked:
            let id = Grant.ID(rawValue: notice.reference)
            let waits = try Grants.of(giver: person, in: data).contains {
                $0.id == id && $0.state == .asked
            }
            if !waits { key += ".done" }
        case .hatAsked:
            let asker = Person.ID(rawValue: notice.reference)
            let waits = try Hats.requested(by: asker, in: data).contains {
                $0 == notice.details.hat
            }
            if !waits { key += ".done" }
        case .grantAllowed, .grantDeclined, .grantStopped, .relationshipAsked,
            .relationshipAccepted, .relationshipDeclined, .relationshipEnded,
            .relationshipEndedByYou, .hatAnswered, .hatGiven, .hatDeclined:
            break
        }
        guard let about = notice.about else { return Phrase(key, arguments) }
        guard let name = try name(of: about, in: data) else {
            // The relationship may have ended since; then the notice stays, without the name.
            return Phrase("\(key).someone", arguments)
        }
        arguments["name"] = .text(name)
        return Phrase(key, arguments)
    }

    /// Nil where the notice says it already, or where nobody is named.
    func whoDid(_ notice: Notice, in data: borrowing Snapshot) throws -> Phrase? {
        switch notice.kind {
        case .bookingMade, .bookingMoved, .bookingCancelled: break
        default: return nil
        }
        guard let actor = notice.details.actor else { return nil }
        let name = try name(of: actor, in: data)
        guard let principal = notice.details.actedFor else {
            return name.map { Phrase("notice.by", ["name": .text($0)]) }
        }
        if principal == person.id {
            return name.map { Phrase("notice.by-for-you", ["name": .text($0)]) }
        }
        return try self.name(of: principal, in: data).map {
            Phrase("notice.by-helper", ["name": .text($0)])
        }
    }

    private func name(of other: Person.ID, in data: borrowing Snapshot) throws -> String? {
        if let known = try records.nameIfKnown(of: other, to: person.acting, in: data) {
            return known.preferred
        }
        // Whoever asks for leave, or had it, is known to the person who gives it.
        let grants = try Grants.of(giver: person, in: data)
        guard let grant = grants.first(where: { $0.holder == other }) else { return nil }
        return try records.name(ofHolder: grant, to: person, in: data).full
    }

    private func phrase(_ time: BookedTime) -> Phrase {
        Phrase(
            "notice.when",
            [
                "day": .day(zone.day(of: time.startsAt)),
                "start": .time(zone.time(of: time.startsAt)),
                "end": .time(zone.time(of: time.endsAt)),
            ]
        )
    }
}
