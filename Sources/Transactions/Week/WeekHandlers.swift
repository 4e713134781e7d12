import Basics
import Identity
import Ledger
import Relationships
import Store
import Web

struct WeekHandlers: Sendable {
    private static let aheadDays: Int64 = 14

    let database: Database
    let records: Records
    let time: TimeSource
    let zone: CivilZone

    func add(to routes: inout Routes) {
        routes.get("/week", for: .signedIn, show)
    }

    private func show(_: Request, _ person: SignedIn) throws -> Answer {
        try database.read { data in
            let acting = person.acting
            let now = time.now()
            let hats = try Hats.of(person.id, in: data)
            return .page(
                WeekPage(
                    name: try records.name(of: person.id, to: acting, in: data).preferred,
                    greeting: WeekPage.Greeting(zone.time(of: now)),
                    today: zone.day(of: now),
                    waiting: try waiting(person, data),
                    sent: try sent(person, data),
                    visits: try visits(person, now, data),
                    asked: try Grants.of(giver: person, in: data)
                        .count { $0.state == .asked },
                    balance: hats.contains(.gettingSupport)
                        ? try Ledger.balance(Funds.funds, of: person.id.rawValue, in: data) : nil,
                    look: hats.contains(.gettingSupport) ? try look(person, data) : nil
                )
            )
        }
    }

    /// Visits that someone says took place, and that wait for this person's answer.
    private func waiting(
        _ person: SignedIn,
        _ data: borrowing Snapshot
    ) throws -> [WeekPage.Waiting] {
        let reading = CareLogReading(records: records, zone: zone)
        return try CareLogStore.pending(for: person.acting, in: data).filter { log in
            let isReceivers =
                try CareLogPolicy.standing(log, person.acting, in: data).side == .receiver
            return try isReceivers && reading.canAnswer(log, person.acting, in: data)
        }.map { try line($0, reading, person, data) }
    }

    /// Visits that were answered here and wait for who gave them.
    private func sent(
        _ person: SignedIn,
        _ data: borrowing Snapshot
    ) throws -> [WeekPage.Waiting] {
        let reading = CareLogReading(records: records, zone: zone)
        return try CareLogStore.pending(for: person.acting, in: data).filter { log in
            let isReceivers =
                try CareLogPolicy.standing(log, person.acting, in: data).side == .receiver
            return isReceivers && log.waitsFor == [.giver]
        }.map { try line($0, reading, person, data) }
    }

    /// When a visit was is part of someone's record, so reading it leaves its trace there.
    private func line(
        _ log: CareLog,
        _ reading: CareLogReading,
        _ person: SignedIn,
        _ data: borrowing Snapshot
    ) throws -> WeekPage.Waiting {
        _ = try records.disclose(.careLog, of: log.receiver, to: person.acting, in: data)
        return WeekPage.Waiting(
            giver: try reading.who(log.giver, person.acting, data),
            receiver: try reading.who(log.receiver, person.acting, data),
            isSaid: log.version.writtenBy != nil,
            happened: log.version.happened,
            day: zone.day(of: log.version.startedAt),
            start: zone.time(of: log.version.startedAt),
            end: zone.time(of: log.version.endedAt),
            careLog: log.id
        )
    }

    private func visits(
        _ person: SignedIn,
        _ now: Instant,
        _ data: borrowing Snapshot
    ) throws -> [WeekPage.Visit] {
        let acting = person.acting
        let bookings = try BookingStore.upcoming(
            for: acting,
            from: now,
            until: now.adding(minutes: Self.aheadDays * 24 * 60),
            in: data
        )
        let reading = CareLogReading(records: records, zone: zone)
        // What the person gives stands on their other page.
        return try bookings.filter { $0.giver != person.id }.compactMap { booking in
            do {
                return WeekPage.Visit(
                    path: "/bookings/\(booking.id)",
                    heading: try Bookings.title(of: booking, to: acting, records, in: data),
                    giver: try reading.who(booking.giver, acting, data),
                    receiver: try reading.who(booking.receiver, acting, data),
                    place: try Bookings.place(of: booking, to: acting, records, in: data),
                    day: zone.day(of: booking.startsAt),
                    start: zone.time(of: booking.startsAt),
                    end: zone.time(of: booking.endsAt),
                    isNow: booking.startsAt <= now
                )
            } catch is NotThere {
                // What the person may no longer read is not among their visits.
                return nil
            }
        }
    }

    private func look(
        _ person: SignedIn,
        _ data: borrowing Snapshot
    ) throws -> WeekPage.Look? {
        let disclosure = try records.disclose(
            .audit,
            of: person.id,
            to: person.acting,
            in: data
        )
        let latest = try Audit.about(disclosure, limit: 1, in: data).first
        guard let latest else { return nil }
        return WeekPage.Look(
            name: try records.name(ofActorIn: latest, to: person.acting, in: data)?.preferred,
            day: zone.day(of: latest.at),
            time: zone.time(of: latest.at)
        )
    }
}
