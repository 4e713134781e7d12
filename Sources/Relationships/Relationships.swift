package import Basics
package import Events
package import Identity
package import Store
package import Web

/// How people stand to one another, and what they arranged: hats, relationships, bookings.
///
/// The graph here is what reading rights are computed from. Nothing here knows what a visit cost
/// or whether it took place: that is told to `Transactions` by events.
package struct Relationships: Sendable {
    package let moving: MovingHandlers
    private let making: MakingHandlers
    private let booking: BookingHandlers
    private let cancellation: CancellationHandlers
    private let team: TeamHandlers
    private let ending: EndingHandlers
    private let asking: AskingHandlers

    package init(
        database: Database,
        records: Records,
        time: TimeSource,
        random: RandomSource,
        zone: CivilZone
    ) {
        moving = MovingHandlers(database: database, records: records, zone: zone)
        making = MakingHandlers(
            database: database,
            records: records,
            zone: zone,
            random: random
        )
        booking = BookingHandlers(
            database: database,
            records: records,
            time: time,
            zone: zone
        )
        cancellation = CancellationHandlers(database: database, records: records, zone: zone)
        team = TeamHandlers(database: database, records: records)
        asking = AskingHandlers(database: database, records: records)
        ending = EndingHandlers(database: database, records: records, time: time)
    }

    package func add(to routes: inout Routes) {
        making.add(to: &routes)
        booking.add(to: &routes)
        moving.add(to: &routes)
        cancellation.add(to: &routes)
        team.add(to: &routes)
        ending.add(to: &routes)
        asking.add(to: &routes)
    }

    package var jobs: [JobHandler] {
        [
            JobHandler(for: BookingEnd.self) { job, change in
                try Bookings.end(job.booking, in: change)
            }
        ]
    }

    package static var pages: [any Page.Type] {
        [
            MakingPage.self, BookingPage.self, MovingPage.self, CancellationPage.self,
            TeamPage.self, EndingPage.self, AskingPage.self,
        ]
    }

    /// Books a visit of the demonstration's history, by the same act as the page does.
    package func demonstrate(
        _ title: String,
        _ place: String,
        from start: Instant,
        until end: Instant,
        _ tie: Relationship.ID,
        by person: SignedIn
    ) throws -> Booking.ID {
        try making.database.write { change in
            let relationship = try RelationshipStore.findCarer(tie, in: change.snapshot)
            let permit = try BookingPolicy.mayBook(
                giver: relationship.supporter,
                receiver: relationship.supported,
                person.acting,
                in: change.snapshot
            )
            return try Making.make(
                permit,
                Making.Plan(
                    title: title,
                    place: place,
                    slot: Slot(startsAt: start, endsAt: end)
                ),
                once: "demonstration-\(start.milliseconds)",
                making.records,
                in: change
            )
        }
    }
}
