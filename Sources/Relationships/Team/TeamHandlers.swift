import Basics
import Identity
import Store
import Web

struct TeamHandlers: Sendable {
    let database: Database
    let records: Records

    func add(to routes: inout Routes) {
        routes.get("/team", for: .signedIn) { _, person in
            try page(Phrase("team.title"), person, .getsSupport)
        }
        routes.get("/people", for: .signedIn) { _, person in
            try page(Phrase("people.title"), person, .givesSupport)
        }
        routes.get("/relationships/{id}", for: .signedIn, lead)
        routes.post("/relationships/{id}/decision", for: .signedIn, decide)
    }

    /// Those who support the person, or those whom the person supports.
    private func page(
        _ heading: Phrase,
        _ person: SignedIn,
        _ usualRole: Asking.Role
    ) throws -> Answer {
        try database.read { data in
            .page(
                TeamPage(
                    heading: heading,
                    lines: try RelationshipStore.all(for: person.acting, in: data)
                        .filter { ($0.supporter == person.id) == usualRole.supports }
                        // What the person asked for stands below, by the name they typed.
                        .filter { $0.state == .accepted || $0.requestedBy != person.id }
                        .map { try line($0, person, data) },
                    asked: try AskingStore.all(by: person.id, in: data)
                        .filter { $0.isWaiting && $0.role.supports == usualRole.supports }
                        .map { asking in
                            TeamPage.Asked(
                                id: asking.id,
                                name: try asking.name(to: person, records, in: data),
                                role: role(asking.role.kind, supports: !asking.role.supports)
                            )
                        },
                    usualRole: usualRole
                )
            )
        }
    }

    private func line(
        _ relationship: Relationship,
        _ person: SignedIn,
        _ data: borrowing Snapshot
    ) throws -> TeamPage.Line {
        let other = relationship.other(than: person.id)
        return TeamPage.Line(
            relationship: relationship.id,
            // Before it is accepted, the one who was asked learns who asks.
            name: try records.name(of: other, to: person.acting, in: data).full,
            role: role(relationship.kind, supports: other == relationship.supporter),
            rate: relationship.rate,
            isAsked: relationship.state == .pending,
            canBook: relationship.kind == .carer && relationship.state == .accepted
        )
    }

    /// What the other is to the reader.
    private func role(_ kind: Relationship.Kind, supports: Bool) -> Phrase {
        switch (kind, supports) {
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
            return .seeOther(list(relationship, person))
        }
    }

    private func decide(_ request: Request, _ person: SignedIn) throws -> Answer {
        try database.write { change in
            let accept = request.form["decision"] == "accept"
            let relationship = try Joining.decide(
                request.id(),
                accept: accept,
                by: person,
                in: change
            )
            return .seeOther(
                list(relationship, person),
                flash: accept ? "relationship.accepted" : "relationship.declined"
            )
        }
    }

    private func list(_ relationship: Relationship, _ person: SignedIn) -> String {
        relationship.supported == person.id ? "/team" : "/people"
    }
}
