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
            // Who asks does not know the other before the answer.
            let name = try records.nameIfKnown(of: other, to: person.acting, in: data)
            return .page(
                EndingPage(
                    id: relationship.id,
                    name: name?.full ?? "",
                    first: name?.preferred ?? "",
                    coming: try Ending.coming(relationship, at: time.now(), in: data).count,
                    isAsked: relationship.state == .pending
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
            let isAsked = relationship.state == .pending
            return .seeOther(back, flash: isAsked ? "ending.withdrawn" : "ending.done")
        }
    }

    private func find(
        _ request: Request,
        _ person: SignedIn,
        _ data: borrowing Snapshot
    ) throws -> Relationship {
        try RelationshipStore.find(request.id(), for: person.acting, in: data)
    }
}
