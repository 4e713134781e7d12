import Basics
import Identity
import Relationships
import Store
import Web

struct CareLogHandlers: Sendable {
    let database: Database
    let records: Records
    let zone: CivilZone

    func add(to routes: inout Routes) {
        routes.get("/care-logs/{id}", for: .signedIn, show)
    }

    private func show(_ request: Request, _ person: SignedIn) throws -> Answer {
        try database.read { data in
            let acting = person.acting
            let log = try CareLogStore.find(request.id(), for: acting, in: data)
            let reading = CareLogReading(records: records, zone: zone)
            let earlier = try CareLogStore.versions(of: log, in: data).dropLast()
            return .page(
                CareLogPage(
                    id: log.id,
                    giver: try records.name(of: log.giver, to: acting, in: data).full,
                    receiver: try records.name(of: log.receiver, to: acting, in: data).full,
                    day: zone.day(of: log.version.startedAt),
                    start: zone.time(of: log.version.startedAt),
                    end: zone.time(of: log.version.endedAt),
                    minutes: log.minutes,
                    tasks: log.version.tasks,
                    note: try reading.note(of: log, to: acting, in: data),
                    amount: try log.amount(),
                    state: log.agreement.state,
                    waitingFor: try log.waitsFor.map { side in
                        try records.name(of: log.person(side), to: acting, in: data).preferred
                    },
                    canAnswer: try reading.canAnswer(log, acting, in: data),
                    earlier: try earlier.map { version in
                        CareLogPage.Earlier(
                            number: version.number,
                            writer: try version.writtenBy.flatMap {
                                try records.nameIfKnown(of: $0, to: acting, in: data)
                            }?.preferred,
                            start: zone.time(of: version.startedAt),
                            end: zone.time(of: version.endedAt),
                            minutes: Minutes(version.startedAt.minutes(until: version.endedAt))
                        )
                    }
                )
            )
        }
    }
}

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
        _ = try records.disclose(
            .careLog,
            of: log.receiver,
            reference: log.id.rawValue,
            to: acting,
            in: data
        )
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
        let side = try CareLogPolicy.mayAnswer(log, acting, in: data).side
        return log.waitsFor.contains(side)
    }
}
