import Basics
import Events
import Identity
import Store
import Web

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
                        state: grant.statePhrase(for: person.id, at: now, zone),
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
            let grant = try Grants.decide(request.id(), allow: allow, by: person, in: change)
            try change.record(
                GrantAnswered(
                    grant: grant.id,
                    giver: grant.giver,
                    holder: grant.holder,
                    answer: allow ? .allowed : .declined
                )
            )
            return .seeOther("/grants", flash: allow ? "grants.allowed" : "grants.declined")
        }
    }

    private func stop(_ request: Request, _ person: SignedIn) throws -> Answer {
        try database.write { change in
            let grant = try Grants.stop(request.id(), by: person, in: change)
            guard grant.giver == person.id else {
                let isTakenBack = grant.state == .asked
                return .seeOther(
                    "/helping",
                    flash: isTakenBack ? "guidance.taken-back" : "grants.stopped"
                )
            }
            try change.record(
                GrantAnswered(
                    grant: grant.id,
                    giver: grant.giver,
                    holder: grant.holder,
                    answer: .stopped
                )
            )
            return .seeOther("/grants", flash: "grants.stopped")
        }
    }
}
