import Basics
import Identity
import Store
import Web

struct TeamHandlers: Sendable {
    let database: Database
    let records: Records

    func add(to routes: inout Routes) {
        routes.get("/team", for: .signedIn) { _, person in
            try page(Phrase("team.title"), person) { $0.supported == person.id }
        }
        routes.get("/people", for: .signedIn) { _, person in
            try page(Phrase("people.title"), person) { $0.supporter == person.id }
        }
        routes.get("/relationships/{id}", for: .signedIn, lead)
        routes.post("/relationships/{id}/decision", for: .signedIn, decide)
    }

    private func page(
        _ heading: Phrase,
        _ person: SignedIn,
        where belongs: @Sendable (Relationship) -> Bool
    ) throws -> Answer {
        try database.read { data in
            var lines: [TeamPage.Line] = []
            for relationship in try RelationshipStore.all(for: person.acting, in: data)
            where belongs(relationship) {
                let other = relationship.other(than: person.id)
                // Before it is accepted, the one who was asked learns who asks.
                let name = try records.nameIfKnown(of: other, to: person.acting, in: data)
                lines.append(
                    TeamPage.Line(
                        relationship: relationship.id,
                        name: name?.full ?? "",
                        role: role(relationship, of: other),
                        rate: relationship.rate,
                        state: relationship.state,
                        isAsked: relationship.state == .pending
                            && relationship.requestedBy != person.id,
                        canBook: relationship.kind == .carer && relationship.state == .accepted
                    )
                )
            }
            return .page(TeamPage(heading: heading, lines: lines))
        }
    }

    private func role(_ relationship: Relationship, of other: Person.ID) -> Phrase {
        switch (relationship.kind, other == relationship.supporter) {
        case (.carer, true): Phrase("team.gives")
        case (.carer, false): Phrase("team.gets")
        case (.assistant, true): Phrase("team.arranges")
        case (.assistant, false): Phrase("team.arranged")
        }
    }

    /// A relationship has no page of its own: it is on the list where the person has it.
    private func lead(_ request: Request, _ person: SignedIn) throws -> Answer {
        try database.read { data in
            let relationship = try RelationshipStore.find(
                request.id(),
                for: person.acting,
                in: data
            )
            return .seeOther(relationship.supported == person.id ? "/team" : "/people")
        }
    }

    private func decide(_ request: Request, _ person: SignedIn) throws -> Answer {
        try database.write { change in
            let accept = request.form["decision"] == "accept"
            try Joining.decide(request.id(), accept: accept, by: person, in: change)
            return .seeOther(
                "/team",
                flash: accept ? "relationship.accepted" : "relationship.declined"
            )
        }
    }
}
