import Basics
import Identity
import Relationships
import Store
import Web

struct RecordHandlers: Sendable {
    static let linesPerPage = 100

    let database: Database
    let records: Records
    let time: TimeSource
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
            for folded in Folded.fold(rows, in: zone) {
                lines.append(try line(folded, person, data))
            }
            let isFull = rows.count == Self.linesPerPage
            let older = isFull ? rows.last.map { "/record?before=\($0.position)" } : nil
            let now = time.now()
            return .page(
                RecordPage(
                    lines: lines,
                    older: older,
                    name: try records.name(of: person.id, to: person.acting, in: data).full,
                    day: zone.day(of: now),
                    time: zone.time(of: now)
                )
            )
        }
    }

    private func line(
        _ folded: Folded,
        _ person: SignedIn,
        _ data: borrowing Snapshot
    ) throws -> RecordPage.Line {
        let row = folded.row
        let name = try records.name(ofReaderIn: row, to: person, in: data)
        let hats = try row.actor.map { try Hats.of($0, in: data) } ?? []
        return RecordPage.Line(
            day: folded.day,
            times: folded.times,
            name: name?.full,
            nobody: Deed.nobody(row.action),
            hat: RecordHandlers.hat(hats, for: row.reason).map { Phrase("hat.\($0.rawValue)") },
            deed: Deed.phrase(row.action, row.kind),
            because: Deed.because(row),
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
