import Basics
import Identity
import Relationships
import Store
import Web

struct AuditHandlers: Sendable {
    static let linesPerPage = 200

    let database: Database
    let records: Records
    let hats: HatAccess
    let zone: CivilZone

    func add(to routes: inout Routes) {
        // A search for what has no index goes through all of it.
        routes.get("/audit", for: hats.admin, lane: .slow, show)
        routes.post("/audit", for: hats.admin, lane: .read, choose)
    }

    private func show(_ request: Request, _ hat: AdminHat) throws -> Answer {
        try database.read { data in
            let query = request.query
            let asked: AuditForm.Checked
            do {
                asked = try AuditForm(form: query).checked { Person.ID($0) }
            } catch let errors as FormErrors {
                return again(query, errors)
            }
            let reading = try records.readAudit(about: asked.person, by: hat.person, in: data)
            let rows = try Audit.all(
                asked.filter(in: zone),
                before: Int64(query["before"]) ?? .max,
                limit: Self.linesPerPage,
                in: data
            )
            var lines: [AuditPage.Line] = []
            for folded in Folded.fold(rows, in: zone) {
                lines.append(try line(folded, reading, asked, data))
            }
            return .page(
                AuditPage(
                    form: query,
                    errors: FormErrors(),
                    person: try reading.name(of: asked.person, in: data)?.full,
                    lines: lines,
                    older: rows.count == Self.linesPerPage
                        ? rows.last.map { asked.path(before: $0.position) } : nil
                )
            )
        }
    }

    /// Turns what was typed into an address.
    private func choose(_ request: Request, _: AdminHat) throws -> Answer {
        try database.read { data in
            do {
                let asked = try AuditForm(form: request.form).checked {
                    try records.find(named: $0, in: data)
                }
                return .seeOther(asked.path())
            } catch let errors as FormErrors {
                return again(request.form, errors)
            }
        }
    }

    private func again(_ form: Form, _ errors: FormErrors) -> Answer {
        .page(
            AuditPage(form: form, errors: errors, person: nil, lines: [], older: nil),
            status: .unprocessable
        )
    }

    private func line(
        _ folded: Folded,
        _ reading: AuditReading,
        _ asked: AuditForm.Checked,
        _ data: borrowing Snapshot
    ) throws -> AuditPage.Line {
        let row = folded.row
        return AuditPage.Line(
            day: folded.day,
            times: folded.times,
            actor: try reading.name(of: row.actor, in: data)?.full,
            nobody: Deed.nobody(row.action),
            actorPath: row.actor.map(asked.path(of:)),
            onBehalfOf: try reading.name(of: row.onBehalfOf, in: data)?.full,
            subject: try reading.name(of: row.subject, in: data)?.full,
            subjectPath: row.subject.map(asked.path(of:)),
            deed: Deed.told(row.action, row.kind),
            because: Deed.toldBecause(row),
            position: row.position
        )
    }
}
