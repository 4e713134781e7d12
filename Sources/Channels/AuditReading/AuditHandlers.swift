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
    }

    private func show(_ request: Request, _ hat: AdminHat) throws -> Answer {
        try database.read { data in
            let form = request.query
            var errors = FormErrors()
            let filter = try filter(form, &errors, data)
            let rows =
                errors.isEmpty
                ? try Audit.all(
                    filter,
                    before: Int64(form["before"]) ?? .max,
                    limit: Self.linesPerPage,
                    in: data
                ) : []
            var lines: [AuditPage.Line] = []
            for row in rows { lines.append(try line(row, hat.person, data)) }
            return .page(
                AuditPage(form: form, errors: errors, lines: lines, older: older(rows, form)),
                status: errors.isEmpty ? .ok : .unprocessable
            )
        }
    }

    private func filter(
        _ form: Form,
        _ errors: inout FormErrors,
        _ data: borrowing Snapshot
    ) throws -> AuditFilter {
        var filter = AuditFilter()
        filter.from = day("from", form, &errors).map { zone.instant($0, .midnight) }
        filter.until = day("until", form, &errors).map {
            zone.instant($0.adding(days: 1), .midnight)
        }
        if !form["person"].isEmpty {
            filter.person = try records.find(named: form["person"], in: data)
            if filter.person == nil { errors.add("person", Phrase("audit.form.unknown")) }
        }
        filter.kind = RecordKind(rawValue: form["kind"])
        return filter
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

    private func older(_ rows: [AuditRow], _ form: Form) -> String? {
        guard rows.count == Self.linesPerPage, let last = rows.last else { return nil }
        var path = "/audit?before=\(last.position)"
        // Dates in their one spelling and a code of ours need no escaping.
        for field in ["from", "until"] {
            if let day = CivilDay(typed: form[field]) { path += "&\(field)=\(day)" }
        }
        if let kind = RecordKind(rawValue: form["kind"]) { path += "&kind=\(kind.rawValue)" }
        // The person is named again by who reads, so that no name stands in an address.
        return form["person"].isEmpty ? path : nil
    }
}
