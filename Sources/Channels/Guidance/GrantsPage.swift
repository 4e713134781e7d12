package import Basics
import Identity
import Store
package import Templating
import Web

/// The person's own page of permissions: what was asked, what is open, what is over.
package struct GrantsPage: Page {
    struct Line: Sendable {
        let id: Grant.ID
        let holder: String
        let task: Grant.Task
        let minutes: Minutes
        let state: Phrase
        let isAsked: Bool
        let isOpen: Bool
    }

    package static let template = "grants.html"
    package static let example = GrantsPage(lines: [
        Line(
            id: Grant.ID(rawValue: 1),
            holder: "Dot Achterberg",
            task: .moveBooking,
            minutes: Minutes(30),
            state: Phrase("guidance.state.asked"),
            isAsked: true,
            isOpen: true
        )
    ])

    let lines: [Line]

    package var title: Phrase { Phrase("grants.title") }

    package func record(_ words: Words) -> Record {
        [
            "lines": .list(
                lines.map { line in
                    .record([
                        "id": .text(line.id.description),
                        "holder": .text(line.holder),
                        "task": .text(words(line.task.phrase)),
                        "minutes": .text(words.minutes(line.minutes)),
                        "state": .text(words(line.state)),
                        "isAsked": .bool(line.isAsked),
                        "isOpen": .bool(line.isOpen),
                    ])
                }
            )
        ]
    }
}

struct GrantHandlers: Sendable {
    let database: Database
    let records: Records
    let time: TimeSource
    let zone: CivilZone

    func add(to routes: inout Routes) {
        routes.get("/grants", for: .signedIn, show)
        routes.post("/grants/{id}/decision", for: .signedIn, decide)
        routes.post("/grants/{id}/stopping", for: .signedIn, stop)
    }

    private func show(_: Request, _ person: SignedIn) throws -> Answer {
        try database.read { data in
            let now = time.now()
            var lines: [GrantsPage.Line] = []
            for grant in try Grants.of(giver: person, in: data) {
                let holder = try records.name(ofHolder: grant, to: person, in: data)
                lines.append(
                    GrantsPage.Line(
                        id: grant.id,
                        holder: holder.full,
                        task: grant.task,
                        minutes: Minutes(grant.minutes),
                        state: grant.statePhrase(at: now, zone),
                        isAsked: grant.state == .asked,
                        isOpen: grant.isOpen(at: now)
                    )
                )
            }
            return .page(GrantsPage(lines: lines))
        }
    }

    private func decide(_ request: Request, _ person: SignedIn) throws -> Answer {
        try database.write { change in
            let allow = request.form["decision"] == "allow"
            try Grants.decide(request.id(), allow: allow, by: person, in: change)
            return .seeOther("/grants", flash: allow ? "grants.allowed" : "grants.declined")
        }
    }

    private func stop(_ request: Request, _ person: SignedIn) throws -> Answer {
        try database.write { change in
            let giver = try Grants.stop(request.id(), by: person, in: change)
            let back = giver == person.id ? "/grants" : "/helping"
            return .seeOther(back, flash: "grants.stopped")
        }
    }
}
