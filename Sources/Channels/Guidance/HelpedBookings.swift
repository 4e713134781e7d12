package import Basics
import HTTPServer
import Identity
import Relationships
import Store
package import Templating
package import Web

/// The bookings of the person who is helped, as far as the grant's task needs them.
package struct HelpedBookingsPage: Page {
    struct Line: Sendable {
        let title: String
        let giver: String
        let receiver: String
        let day: CivilDay
        let start: CivilTime
        let end: CivilTime
        let path: String
    }

    package static let template = "helping/bookings.html"
    package static var example: HelpedBookingsPage {
        HelpedBookingsPage(
            name: "Ben Okafor",
            lines: [
                Line(
                    title: "Morning visit",
                    giver: "Ada",
                    receiver: "Ben",
                    day: CivilDay(dayNumber: 20_780),
                    start: CivilTime(hour: 9, minute: 0) ?? .midnight,
                    end: CivilTime(hour: 10, minute: 0) ?? .midnight,
                    path: "/helping/0c4fq1zk8m3n7/bookings/0c4fq1zk8m3n8/moving"
                )
            ],
            banner: Banner(
                text: Phrase(
                    "guidance.banner",
                    [
                        "holder": .text("Dot"), "giver": .text("Ben"),
                        "task": .phrase(Grant.Task.moveBooking.phrase),
                        "time": .time(CivilTime(hour: 11, minute: 30) ?? .midnight),
                    ]
                ),
                stopAction: "/grants/0c4fq1zk8m3n7/stopping",
                stopLabel: Phrase("guidance.stop")
            )
        )
    }

    let name: String
    let lines: [Line]
    package let banner: Banner?

    package var title: Phrase { Phrase("guidance.bookings.title") }

    package func record(_ words: Words) -> Record {
        [
            "name": .text(name),
            "lines": .list(
                lines.map { line in
                    .record([
                        "title": .text(line.title),
                        "giver": .text(line.giver),
                        "receiver": .text(line.receiver),
                        "day": .text(words.day(line.day)),
                        "start": .text(words.time(line.start)),
                        "end": .text(words.time(line.end)),
                        "path": .text(line.path),
                    ])
                }
            ),
        ]
    }
}

/// Moving a booking for someone, under their grant. The page, the rule and the act are the same
/// as the person's own; only who acts differs.
struct HelpedBookingHandlers: Sendable {
    let database: Database
    let records: Records
    let moving: MovingHandlers
    let time: TimeSource
    let zone: CivilZone

    func add(to routes: inout Routes) {
        routes.get("/helping/{grant}/bookings", for: .signedIn, list)
        routes.get("/helping/{grant}/bookings/{id}/moving", for: .signedIn, show)
        routes.post("/helping/{grant}/bookings/{id}/moving", for: .signedIn, submit)
    }

    private func list(_ request: Request, _ person: SignedIn) throws -> Answer {
        try database.read { data in
            let (acting, grant) = try acting(request, person, data)
            let now = time.now()
            let bookings = try BookingStore.upcoming(
                for: acting,
                from: now,
                until: now.adding(minutes: 60 * 24 * 60),
                in: data
            )
            var lines: [HelpedBookingsPage.Line] = []
            for booking in bookings {
                lines.append(
                    HelpedBookingsPage.Line(
                        title: try Bookings.title(of: booking, to: acting, records, in: data),
                        giver: try first(booking.giver, acting, data),
                        receiver: try first(booking.receiver, acting, data),
                        day: zone.day(of: booking.startsAt),
                        start: zone.time(of: booking.startsAt),
                        end: zone.time(of: booking.endsAt),
                        path: "/helping/\(grant.id)/bookings/\(booking.id)/moving"
                    )
                )
            }
            return .page(
                HelpedBookingsPage(
                    name: try records.name(of: grant.giver, to: acting, in: data).full,
                    lines: lines,
                    banner: try banner(grant, person, acting, data)
                )
            )
        }
    }

    private func first(
        _ person: Person.ID,
        _ acting: Acting,
        _ data: borrowing Snapshot
    ) throws -> String {
        try records.name(of: person, to: acting, in: data).preferred
    }

    private func show(_ request: Request, _ person: SignedIn) throws -> Answer {
        try database.read { data in
            let (acting, grant) = try acting(request, person, data)
            return try moving.show(
                request.id(),
                acting,
                frame: try movingFrame(request, grant, person, acting, data),
                in: data
            )
        }
    }

    private func submit(_ request: Request, _ person: SignedIn) throws -> Answer {
        try database.write { change in
            let (acting, grant) = try acting(request, person, change.snapshot)
            return try moving.submit(
                request.id(),
                request.form,
                acting,
                frame: try movingFrame(request, grant, person, acting, change.snapshot),
                in: change
            )
        }
    }

    private func acting(
        _ request: Request,
        _ person: SignedIn,
        _ data: borrowing Snapshot
    ) throws -> (acting: Acting, grant: Grant) {
        try Grants.acting(
            request.id("grant"),
            person,
            for: .moveBooking,
            at: time.now(),
            in: data
        )
    }

    private func movingFrame(
        _ request: Request,
        _ grant: Grant,
        _ person: SignedIn,
        _ acting: Acting,
        _ data: borrowing Snapshot
    ) throws -> MovingFrame {
        MovingFrame(
            action: request.http.path,
            back: "/helping/\(grant.id)/bookings",
            banner: try banner(grant, person, acting, data)
        )
    }

    private func banner(
        _ grant: Grant,
        _ person: SignedIn,
        _ acting: Acting,
        _ data: borrowing Snapshot
    ) throws -> Banner? {
        guard let endsAt = grant.endsAt else { return nil }
        let holder = try records.name(of: person.id, to: person.acting, in: data)
        let giver = try records.name(of: grant.giver, to: acting, in: data)
        return Banner(
            text: Phrase(
                "guidance.banner",
                [
                    "holder": .text(holder.preferred),
                    "giver": .text(giver.preferred),
                    "task": .phrase(grant.task.phrase),
                    "time": .time(zone.time(of: endsAt)),
                ]
            ),
            stopAction: "/grants/\(grant.id)/stopping",
            stopLabel: Phrase("guidance.stop")
        )
    }
}
