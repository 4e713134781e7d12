import Basics
import HTTPServer
import Identity
import Relationships
import Store
import Web

/// An administrator answers what people asked to do here (J7).
struct HatRequestHandlers: Sendable {
    static let linesPerPage = 25
    static let reasonBytes = 2000

    let database: Database
    let records: Records
    let hats: HatAccess
    let zone: CivilZone

    func add(to routes: inout Routes) {
        routes.get("/hat-requests", for: hats.admin, list)
        routes.get("/hat-requests/{id}", for: hats.admin, show)
        routes.post("/hat-requests/{id}", for: hats.admin, decide)
    }

    private func list(_ request: Request, _ hat: AdminHat) throws -> Answer {
        try database.read { data in
            let page = max(1, Int(request.query["page"]) ?? 1)
            let count = try Hats.countWaiting(in: data)
            let found = try Hats.waiting(
                for: hat,
                skipping: (min(page, 1_000_000) - 1) * Self.linesPerPage,
                limit: Self.linesPerPage,
                in: data
            )
            var lines: [HatRequestsPage.Line] = []
            for asked in found {
                lines.append(
                    HatRequestsPage.Line(
                        name: try records.name(
                            of: asked.person,
                            to: hat.person.acting,
                            in: data
                        ).full,
                        hat: asked.hat,
                        day: zone.day(of: asked.requestedAt),
                        path: "/hat-requests/\(asked.person)"
                    )
                )
            }
            let isMore = count > page * Self.linesPerPage && !found.isEmpty
            return .page(
                HatRequestsPage(
                    count: count,
                    lines: lines,
                    next: isMore ? "/hat-requests?page=\(page + 1)" : nil
                )
            )
        }
    }

    private func show(_ request: Request, _ hat: AdminHat) throws -> Answer {
        try database.read { data in
            .page(try page(request.id(), hat, Form(), FormErrors(), data))
        }
    }

    private func decide(_ request: Request, _ hat: AdminHat) throws -> Answer {
        let form = request.form
        guard let asked = Hat(rawValue: form["hat"]),
            ["give", "decline"].contains(form["decision"])
        else { throw NotThere() }
        let field = HatRequestPage.reasonField(of: asked)
        let isGiven = form["decision"] == "give"
        return try database.write { change in
            let person: Person.ID = try request.id()
            if !isGiven, let problem = Self.problem(form[field]) {
                return .page(
                    try page(person, hat, form, FormErrors(field, problem), change.snapshot),
                    status: .unprocessable
                )
            }
            let reason =
                isGiven
                ? nil
                : try records.seal(
                    form[field],
                    of: person,
                    at: .hatReason(asked, of: person),
                    in: change
                )
            try Hats.decide(
                asked,
                of: person,
                give: isGiven,
                because: reason,
                by: hat,
                in: change
            )
            return .seeOther(
                "/hat-requests",
                flash: isGiven ? "hat-requests.given" : "hat-requests.declined"
            )
        }
    }

    /// Whoever hears no must hear why.
    static func problem(_ reason: String) -> Phrase? {
        if reason.isEmpty { return Phrase("hat-requests.reason-missing") }
        return reason.utf8.count > reasonBytes ? Phrase("hat-requests.reason-long") : nil
    }

    private func page(
        _ person: Person.ID,
        _ hat: AdminHat,
        _ form: Form,
        _ errors: FormErrors,
        _ data: borrowing Snapshot
    ) throws -> HatRequestPage {
        let acting = hat.person.acting
        _ = try records.disclose(.hat, of: person, to: acting, in: data)
        let all = try Hats.all(of: person, in: data)
        return HatRequestPage(
            id: person.description,
            name: try records.name(of: person, to: acting, in: data).full,
            held: all.filter { $0.state == .held }.map(\.hat),
            asked: all.filter { $0.state == .requested }.map {
                HatsPage.Asked(hat: $0.hat, day: zone.day(of: $0.requestedAt))
            },
            form: form,
            errors: errors
        )
    }
}
