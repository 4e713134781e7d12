import Basics
import Identity
import Store
import Templating
import Web

/// What several pages show of a care log.
struct CareLogReading: Sendable {
    let records: Records
    let zone: CivilZone

    /// The note, for those who may read notes; for others the log is shown without it.
    func note(
        of log: CareLog,
        to acting: Acting,
        in data: borrowing Snapshot
    ) throws -> String? {
        _ = try disclosure(log, acting, data)
        guard let sealed = log.version.note else { return nil }
        do {
            let disclosure = try records.disclose(.notes, of: log.receiver, to: acting, in: data)
            return try records.open(sealed, at: .careNote(log.id), under: disclosure, in: data)
        } catch is NotThere {
            return nil
        }
    }

    func canAnswer(
        _ log: CareLog,
        _ acting: Acting,
        in data: borrowing Snapshot
    ) throws -> Bool {
        do {
            let side = try CareLogPolicy.mayAnswer(log, acting, in: data).side
            return log.waitsFor.contains(side)
        } catch is CareLogRefusal {
            return false
        }
    }

    /// What was said, version by version, the oldest first.
    func lines(
        of log: CareLog,
        to acting: Acting,
        in data: borrowing Snapshot
    ) throws -> [VersionLine] {
        let disclosure = try disclosure(log, acting, data)
        return try CareLogStore.versions(of: log, in: data).map { version in
            VersionLine(
                writer: try version.writtenBy.map { try who($0, acting, data) } ?? .booking,
                start: zone.time(of: version.startedAt),
                end: zone.time(of: version.endedAt),
                minutes: Minutes(version.startedAt.minutes(until: version.endedAt)),
                happened: version.happened,
                why: try version.why.map { why in
                    try records.open(
                        why,
                        at: .careReason(log.id, version: version.number),
                        under: disclosure,
                        in: data
                    )
                }
            )
        }
    }

    func who(
        _ person: Person.ID,
        _ acting: Acting,
        _ data: borrowing Snapshot
    ) throws -> Who {
        if person == acting.principal { return .you }
        let name = try records.nameIfKnown(of: person, to: acting, in: data)
        return name.map { .named($0.preferred) } ?? .someone
    }

    /// The same by the whole name, where it stands alone.
    func whoInFull(
        _ person: Person.ID,
        _ acting: Acting,
        _ data: borrowing Snapshot
    ) throws -> Who {
        if person == acting.principal { return .you }
        let name = try records.nameIfKnown(of: person, to: acting, in: data)
        return name.map { .named($0.full) } ?? .someone
    }

    private func disclosure(
        _ log: CareLog,
        _ acting: Acting,
        _ data: borrowing Snapshot
    ) throws -> Disclosure {
        try records.disclose(
            .careLog,
            of: log.receiver,
            reference: log.id.rawValue,
            to: acting,
            in: data
        )
    }
}

/// One version as a page tells it.
struct VersionLine: Sendable {
    let writer: Who
    let start: CivilTime
    let end: CivilTime
    let minutes: Minutes
    let happened: Bool
    let why: String?

    func record(_ words: Words) -> Record {
        [
            "writer": .text(writer.name(words)),
            "start": .text(words.time(start)),
            "end": .text(words.time(end)),
            "minutes": .text(words.minutes(minutes)),
            "happened": .bool(happened),
            "why": why.map { .text($0) } ?? .none,
        ]
    }
}

/// Somebody of a care log, for the one who reads.
enum Who: Sendable, Equatable {
    case you
    case named(String)
    /// No longer known to the one who reads.
    case someone
    /// Nobody: it stands as it was booked.
    case booking

    func name(_ words: Words) -> String {
        switch self {
        case .you: words(Phrase("who.you"))
        case .named(let name): name
        case .someone: words(Phrase("who.someone"))
        case .booking: words(Phrase("care-log.from-booking"))
        }
    }
}
