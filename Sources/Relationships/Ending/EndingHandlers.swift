import Basics
import Identity
import Store
import Web

struct EndingHandlers: Sendable {
    let database: Database
    let records: Records
    let time: TimeSource

    func add(to routes: inout Routes) {
        routes.get("/relationships/{id}/ending", for: .signedIn, show)
        routes.post("/relationships/{id}/ending", for: .signedIn, submit)
    }

    private func show(_ request: Request, _ person: SignedIn) throws -> Answer {
        try database.read { data in
            let relationship = try find(request, person, data)
            try Ending.check(relationship)
            let other = relationship.other(than: person.id)
            let name = try records.name(of: other, to: person.acting, in: data)
            return .page(
                EndingPage(
                    id: relationship.id,
                    name: name.full,
                    first: name.preferred,
                    coming: try Ending.coming(relationship, at: time.now(), in: data).count,
                    hasVisits: relationship.kind == .carer
                )
            )
        }
    }

    private func submit(_ request: Request, _ person: SignedIn) throws -> Answer {
        try database.write { change in
            let relationship = try find(request, person, change.snapshot)
            let permit = try RelationshipPolicy.mayEnd(relationship, person)
            try Ending.end(permit, by: person, in: change)
            let back = relationship.supported == person.id ? "/team" : "/people"
            return .seeOther(back, flash: "ending.done")
        }
    }

    private func find(
        _ request: Request,
        _ person: SignedIn,
        _ data: borrowing Snapshot
    ) throws -> Relationship {
        let relationship = try RelationshipStore.find(
            request.id(),
            for: person.acting,
            in: data
        )
        // What waits for an answer is declined or taken back instead.
        guard relationship.state != .pending else { throw NotThere() }
        return relationship
    }
}
