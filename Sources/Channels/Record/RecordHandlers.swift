import Basics
import Identity
import Relationships
import Store
import Web

struct RecordHandlers: Sendable {
    static let linesPerPage = 50

    let database: Database
    let records: Records
    let zone: CivilZone

    func add(to routes: inout Routes) {
        routes.get("/record", for: .signedIn, show)
        routes.get("/record/check", for: .signedIn, check)
    }

    private func show(_ request: Request, _ person: SignedIn) throws -> Answer {
        try database.read { data in
            let disclosure = try records.disclose(
                .audit,
                of: person.id,
                to: person.acting,
                in: data
            )
            let rows = try Audit.about(
                disclosure,
                before: Int64(request.query["before"]) ?? .max,
                limit: Self.linesPerPage,
                in: data
            )
            var lines: [RecordPage.Line] = []
            for row in rows { lines.append(try line(row, person, data)) }
            let isFull = rows.count == Self.linesPerPage
            let older = isFull ? rows.last.map { "/record?before=\($0.position)" } : nil
            return .page(RecordPage(lines: lines, older: older))
        }
    }

    private func line(
        _ row: AuditRow,
        _ person: SignedIn,
        _ data: borrowing Snapshot
    ) throws -> RecordPage.Line {
        let name = try records.name(ofActorIn: row, to: person.acting, in: data)
        let hats = try row.actor.map { try Hats.of($0, in: data) } ?? []
        return RecordPage.Line(
            day: zone.day(of: row.at),
            time: zone.time(of: row.at),
            name: name?.full,
            hat: RecordHandlers.hat(hats, for: row.reason).map { Phrase("hat.\($0.rawValue)") },
            deed: Deed.phrase(row.action, row.kind),
            because: Deed.because(row.reason),
            path: Deed.path(row)
        )
    }

    /// The hat under which it was done, of those that the person wears.
    private static func hat(_ hats: Set<Hat>, for reason: Reason) -> Hat? {
        let likely: Hat? =
            switch reason {
            case .givesSupport, .sameTeam: .givingSupport
            case .getsSupport: .gettingSupport
            case .arranges: .arrangingSupport
            case .grant, .facilitates: .facilitator
            case .administers: .admin
            case .own, .hadVisits, .knewBefore, .wasAsked, .asks, .platform: nil
            }
        return likely.flatMap { hats.contains($0) ? $0 : nil }
    }

    /// Proves to the person, from the log itself, that none of these lines was changed.
    private func check(_: Request, _ person: SignedIn) throws -> Answer {
        try database.read { data in
            let disclosure = try records.disclose(
                .audit,
                of: person.id,
                to: person.acting,
                in: data
            )
            return .page(RecordCheckPage(proof: try Audit.check(disclosure, in: data)))
        }
    }
}
