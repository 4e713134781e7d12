package import Basics
import Identity
import Store
package import Templating
import Web

package struct EndingPage: Page {
    package static let template = "relationships/ending.html"
    package static let example = EndingPage(id: Relationship.ID(rawValue: 1), name: "Ada Whitaker")

    let id: Relationship.ID
    let name: String

    package var title: Phrase { Phrase("ending.title") }

    package func record(_: Words) -> Record {
        ["id": .text(id.description), "name": .text(name)]
    }
}

struct EndingHandlers: Sendable {
    let database: Database
    let records: Records

    func add(to routes: inout Routes) {
        routes.get("/relationships/{id}/ending", for: .signedIn, show)
        routes.post("/relationships/{id}/ending", for: .signedIn, submit)
    }

    private func show(_ request: Request, _ person: SignedIn) throws -> Answer {
        try database.read { data in
            let relationship = try RelationshipStore.find(
                request.id(),
                for: person.acting,
                in: data
            )
            try Ending.check(relationship)
            let other = relationship.other(than: person.id)
            let name = try records.nameIfKnown(of: other, to: person.acting, in: data)
            return .page(EndingPage(id: relationship.id, name: name?.full ?? ""))
        }
    }

    private func submit(_ request: Request, _ person: SignedIn) throws -> Answer {
        try database.write { change in
            let relationship = try RelationshipStore.find(
                request.id(),
                for: person.acting,
                in: change.snapshot
            )
            let permit = try RelationshipPolicy.mayEnd(relationship, person)
            try Ending.end(permit, by: person, in: change)
            let back = relationship.supported == person.id ? "/team" : "/people"
            return .seeOther(back, flash: "ending.done")
        }
    }
}
