import Basics
import Identity
import Relationships
import Store
import Web

struct AuditHandlers: Sendable {
    static let linesPerPage = 100

    let database: Database
    let records: Records
    let hats: HatAccess
    let zone: CivilZone

    func add(to routes: inout Routes) {
        routes.get("/audit", for: hats.admin, show)
        routes.post("/audit", for: hats.admin, lane: .read, choose)
    }

    private func show(_ request: Request, _ hat: AdminHat) throws -> Answer {
        try database.read { data in
            let query = request.query
            var filter = AuditFilter()
            filter.from = CivilDay(query["from"]).map { zone.instant($0, .midnight) }
            filter.until = CivilDay(query["until"]).map {
                zone.instant($0.adding(days: 1), .midnight)
            }
            filter.person = Person.ID(query["person"])
            filter.kind = RecordKind(rawValue: query["kind"])
            let rows = try Audit.all(
                filter,
                before: Int64(query["before"]) ?? .max,
                limit: Self.linesPerPage,
                in: data
            )
            var lines: [AuditPage.Line] = []
            for row in rows { lines.append(try line(row, hat.person, data)) }
            let name = try filter.person.flatMap {
                try records.nameIfKnown(of: $0, to: hat.person.acting, in: data)
            }
            return .page(
                AuditPage(
                    form: query,
                    errors: FormErrors(),
                    person: name?.full,
                    lines: lines,
                    older: rows.count == Self.linesPerPage
                        ? rows.last.map { path(query, before: $0.position) } : nil
                )
            )
        }
    }

    /// Turns what was typed into an address. A person stands in it by id, since no name belongs
    /// into an address.
    private func choose(_ request: Request, _: AdminHat) throws -> Answer {
        try database.read { data in
            let form = request.form
            var errors = FormErrors()
            var pairs = [("kind", form["kind"])]
            for field in ["from", "until"] {
                if let day = day(field, form, &errors) { pairs.append((field, day.description)) }
            }
            if !form["person"].isEmpty {
                if let person = try records.find(named: form["person"], in: data) {
                    pairs.append(("person", person.description))
                } else {
                    errors.add("person", Phrase("audit.form.unknown"))
                }
            }
            guard errors.isEmpty else {
                return .page(
                    AuditPage(form: form, errors: errors, person: nil, lines: [], older: nil),
                    status: .unprocessable
                )
            }
            return .seeOther(path(Form(pairs), before: nil))
        }
    }

    /// Only what can be spelt in one way stands in the address.
    private func path(_ form: Form, before position: Int64?) -> String {
        var parts: [String] = []
        for field in ["from", "until"] {
            if let day = CivilDay(form[field]) { parts.append("\(field)=\(day)") }
        }
        if let person = Person.ID(form["person"]) { parts.append("person=\(person)") }
        if let kind = RecordKind(rawValue: form["kind"]) {
            parts.append("kind=\(kind.rawValue)")
        }
        if let position { parts.append("before=\(position)") }
        return parts.isEmpty ? "/audit" : "/audit?" + parts.joined(separator: "&")
    }

    private func day(_ field: String, _ form: Form, _ errors: inout FormErrors) -> CivilDay? {
        guard !form[field].isEmpty else { return nil }
        guard let day = CivilDay(typed: form[field]) else {
            errors.add(field, Phrase("web.form.day"))
            return nil
        }
        return day
    }

    /// Showing a name to an admin is itself a reading, and so leaves its own line.
    private func line(
        _ row: AuditRow,
        _ person: SignedIn,
        _ data: borrowing Snapshot
    ) throws -> AuditPage.Line {
        AuditPage.Line(
            day: zone.day(of: row.at),
            time: zone.time(of: row.at),
            actor: try records.name(ofActorIn: row, to: person.acting, in: data)?.full,
            onBehalfOf: try row.onBehalfOf.flatMap {
                try records.nameIfKnown(of: $0, to: person.acting, in: data)
            }?.full,
            subject: try row.subject.flatMap {
                try records.nameIfKnown(of: $0, to: person.acting, in: data)
            }?.full,
            action: row.action,
            kind: row.kind,
            reason: row.reason,
            position: row.position
        )
    }
}
