import Basics
import Channels
import Crypto
import Events
import Identity
import Relationships
import Store
import Transactions

/// Lives through the demonstration's weeks with the same acts that people use, on a clock that is
/// moved from day to day. So all of it is in the ledger, the audit and the proof logs.
struct History {
    let community: Community
    let database: Database
    let clock: StandingClock
    let zone: CivilZone
    let now: Instant

    /// Weeks of visits before today.
    private static let weeks = 3

    func live() throws {
        let today = zone.day(of: now)
        let people = try join()
        let tie = try agree(people)
        try community.transactions.demonstrateReceipt(
            of: .pence(30_000),
            for: people.ben,
            saying: "B OKAFOR KITH SUPPORT",
            recordedBy: .demonstration(people.eve)
        )
        try community.runner.runDue()
        for day in -7 * Self.weeks..<0 {
            let date = today.adding(days: day)
            // Mondays and Thursdays.
            guard date.weekday == 0 || date.weekday == 3 else { continue }
            let isLast = !(day + 1..<0).contains {
                [0, 3].contains(today.adding(days: $0).weekday)
            }
            try visit(on: date, tie, people, isAgreed: !isLast)
            if date.weekday == 3, !isLast { try pay(people) }
        }
        try move(to: now)
        try read([people.ada, people.ben, people.cora, people.dot, people.eve])
        try plan(tie, people, from: today)
        try database.write { change in
            try Hats.request(.givingSupport, for: people.cy, in: change)
        }
        try look(people)
        try community.runner.runDue()
    }

    struct People {
        let ada: Person.ID
        let ben: Person.ID
        let cora: Person.ID
        let dot: Person.ID
        let eve: Person.ID
        let cy: Person.ID
    }

    private func move(to instant: Instant) throws {
        // Rounded up: a minute early would look odd on every page.
        let seconds = (instant.milliseconds - clock.source.now().milliseconds + 999) / 1000
        if seconds > 0 { clock.advance(seconds: seconds) }
        try community.runner.runDue()
    }

    private func join() throws -> People {
        let hash = try PasswordHash.make(Demonstration.password)
        let ids = try Demonstration.cast.map { member in
            try database.write { change in
                let id = try Registration.register(
                    Registration.NewPerson(
                        preferredName: member.preferred,
                        familyName: member.family,
                        username: member.username,
                        email: "\(member.username)@example.org",
                        passwordHash: hash,
                        language: "en-GB"
                    ),
                    with: community.identity.records,
                    in: change
                )
                try Registration.confirm(id, in: change)
                return id
            }
        }
        let people = People(
            ada: ids[0],
            ben: ids[1],
            cora: ids[2],
            dot: ids[3],
            eve: ids[4],
            cy: ids[5]
        )
        try database.write { change in
            try Hats.give(.givingSupport, to: people.ada, by: people.eve, in: change)
            try Hats.give(.gettingSupport, to: people.ben, by: people.eve, in: change)
            try Hats.give(.arrangingSupport, to: people.cora, by: people.eve, in: change)
            try Hats.give(.facilitator, to: people.dot, by: people.eve, in: change)
            try Hats.give(.admin, to: people.eve, by: nil, in: change)
        }
        return people
    }

    private func agree(_ people: People) throws -> Relationship.ID {
        let carer = try database.write { change in
            try Joining.ask(
                .carer,
                supporter: people.ada,
                supported: people.ben,
                rate: .pence(1600),
                by: .demonstration(people.ben),
                in: change
            )
        }
        let assistant = try database.write { change in
            try Joining.ask(
                .assistant,
                supporter: people.cora,
                supported: people.ben,
                rate: nil,
                by: .demonstration(people.cora),
                in: change
            )
        }
        try database.write { change in
            try Joining.decide(carer, accept: true, by: .demonstration(people.ada), in: change)
            try Joining.decide(assistant, accept: true, by: .demonstration(people.ben), in: change)
        }
        return carer
    }

    /// A visit is booked the day before, takes place, is written down and, mostly, agreed.
    private func visit(
        on day: CivilDay,
        _ tie: Relationship.ID,
        _ people: People,
        isAgreed: Bool
    ) throws {
        let isMonday = day.weekday == 0
        try move(to: zone.instant(day.adding(days: -1), time(16, 0)))
        let booking = try book(
            isMonday ? "Morning visit" : "Washing and breakfast",
            "At home",
            on: day,
            from: time(9, 0),
            until: time(10, 0),
            tie,
            by: people.ben
        )
        try move(to: zone.instant(day, time(10, 20)))
        try community.transactions.demonstrate(
            booking,
            loggedBy: .demonstration(people.ada),
            from: zone.instant(day, time(9, 0)),
            until: zone.instant(day, isMonday ? time(10, 0) : time(10, 15)),
            note: isMonday
                ? "Cheerful. Ate all his porridge. Water and pendant in reach when I left."
                : "A little tired. Talked about the allotment. Medicine taken at 9:30.",
            confirmedBy: isAgreed ? .demonstration(people.ben) : nil
        )
        try community.runner.runDue()
    }

    private func plan(
        _ tie: Relationship.ID,
        _ people: People,
        from today: CivilDay
    ) throws {
        _ = try book(
            "Evening visit",
            "At home",
            on: today,
            from: time(18, 0),
            until: time(19, 0),
            tie,
            by: people.ada
        )
        for ahead in 1...8 {
            let date = today.adding(days: ahead)
            if date.weekday == 0 {
                _ = try book(
                    "Morning visit",
                    "At home",
                    on: date,
                    from: time(9, 0),
                    until: time(10, 0),
                    tie,
                    by: people.ben
                )
            } else if date.weekday == 3 {
                _ = try book(
                    "Shopping",
                    "Meet at the library",
                    on: date,
                    from: time(14, 0),
                    until: time(16, 0),
                    tie,
                    by: people.cora
                )
            }
        }
    }

    private func book(
        _ title: String,
        _ place: String,
        on day: CivilDay,
        from start: CivilTime,
        until end: CivilTime,
        _ tie: Relationship.ID,
        by person: Person.ID
    ) throws -> Booking.ID {
        let booking = try community.relationships.demonstrate(
            title,
            place,
            from: zone.instant(day, start),
            until: zone.instant(day, end),
            tie,
            by: .demonstration(person)
        )
        // Whoever is to hear of it hears of it now, not when the clock is moved next.
        try community.runner.runDue()
        return booking
    }

    private func pay(_ people: People) throws {
        clock.advance(seconds: 6 * 3600)
        try database.write { change in
            _ = try PaymentRuns.run(
                startedBy: .demonstration(people.eve),
                once: "demonstration-\(change.now.milliseconds)",
                in: change
            )
        }
        try community.runner.runDue()
    }

    /// The notices of the weeks before were read long ago.
    private func read(_ people: [Person.ID]) throws {
        try database.write { change in
            for person in people {
                try community.channels.demonstrateReading(.demonstration(person), in: change)
            }
        }
    }

    /// Ada opened her day this morning; the trace of it stands in Ben's record.
    private func look(_ people: People) throws {
        let ada = SignedIn.demonstration(people.ada)
        try database.write { change in
            _ = try community.identity.records.disclose(
                .visits,
                of: people.ben,
                to: ada.acting,
                in: change.snapshot
            )
            try Audit.commit(ada, in: change)
        }
    }

    private func time(_ hour: Int, _ minute: Int) -> CivilTime {
        CivilTime(hour: hour, minute: minute) ?? .midnight
    }
}
