import Basics
import Identity
import Relationships
import Store
import Web

struct TodayHandlers: Sendable {
    private static let behindDays = 14
    private static let aheadDays = 7

    let database: Database
    let records: Records
    let time: TimeSource
    let zone: CivilZone

    func add(to routes: inout Routes) {
        routes.get("/today", for: .signedIn, show)
    }

    private func show(_: Request, _ person: SignedIn) throws -> Answer {
        try database.read { data in
            let now = time.now()
            let today = zone.day(of: now)
            let bookings = try BookingStore.given(
                by: person.acting,
                from: zone.instant(today.adding(days: -Self.behindDays), .midnight),
                until: zone.instant(today.adding(days: Self.aheadDays), .midnight),
                in: data
            )
            var days: [CivilDay: [TodayPage.Visit]] = [:]
            for booking in bookings {
                let day = zone.day(of: booking.startsAt)
                let next = try next(booking, person, now, data)
                if day < today, case .agreed = next { continue }
                if day < today, case .waitsForOther = next { continue }
                if day < today, case .closed = next { continue }
                // What the person may no longer read is not among their visits.
                guard let visit = try visit(booking, next, person, data) else { continue }
                days[day, default: []].append(visit)
            }
            func list(_ belongs: (CivilDay) -> Bool) -> [TodayPage.Day] {
                days.keys.filter(belongs).sorted().map {
                    TodayPage.Day(day: $0, visits: days[$0] ?? [])
                }
            }
            return .page(
                TodayPage(
                    today: today,
                    earlier: list { $0 < today },
                    visits: days[today] ?? [],
                    later: list { $0 > today }
                )
            )
        }
    }

    private func next(
        _ booking: Booking,
        _ person: SignedIn,
        _ now: Instant,
        _ data: borrowing Snapshot
    ) throws -> TodayPage.Visit.Next {
        let areTogether = try CareLogPolicy.areTogether(
            booking.giver,
            booking.receiver,
            in: data
        )
        guard
            let log = try CareLogStore.find(booking: booking.id, for: person.acting, in: data)
        else { return !areTogether ? .closed : booking.startsAt <= now ? .canBeLogged : .comes }
        guard log.agreement.state == .pending else { return .agreed }
        guard areTogether else { return .closed }
        if log.version.writtenBy == nil { return .canBeLogged }
        return log.waitsFor.contains(.giver) ? .waitsForYou(log.id) : .waitsForOther
    }

    private func visit(
        _ booking: Booking,
        _ next: TodayPage.Visit.Next,
        _ person: SignedIn,
        _ data: borrowing Snapshot
    ) throws -> TodayPage.Visit? {
        let acting = person.acting
        do {
            return TodayPage.Visit(
                path: "/bookings/\(booking.id)",
                receiver: try records.nameIfKnown(of: booking.receiver, to: acting, in: data)?.full,
                heading: try Bookings.title(of: booking, to: acting, records, in: data),
                place: try Bookings.place(of: booking, to: acting, records, in: data),
                start: zone.time(of: booking.startsAt),
                end: zone.time(of: booking.endsAt),
                next: next
            )
        } catch is NotThere {
            return nil
        }
    }
}
