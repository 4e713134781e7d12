import Basics
import Identity
import Ledger
import Store
import Web

/// The ledger's face for programs, as `Config/openapi.json` describes it: accounts, balances,
/// entries, and writing one.
struct LedgerFace: Sendable {
    static let bodyBytes = 64 * 1024
    static let entriesAPage = 1...1000

    let database: Database
    let time: TimeSource

    func add(to routes: inout Routes) {
        let access = LedgerAccess(database: database)
        routes.get("/api/ledger/accounts", for: access.reading, accounts)
        routes.get("/api/ledger/balances", for: access.reading, balances)
        routes.get("/api/ledger/entries", for: access.reading, entries)
        routes.get("/api/ledger/entries/{number}", for: access.reading, entry)
        routes.post("/api/ledger/entries", for: access.posting, post)
    }

    private func accounts(_: Request, _ permit: MayReadLedger) throws -> Answer {
        try database.read { data in
            permit.program.note(.money, because: .administers)
            let accounts = try Ledger.balances(in: data).map(LedgerDocument.account)
            return .json(JSON.record(["accounts": .array(accounts)]).bytes)
        }
    }

    /// Accounts bear numbers and no names, so that a reading of all of them is one line of the
    /// audit: a line for each person would bury the lines that tell of someone who knew whom they
    /// were looking at.
    private func balances(_: Request, _ permit: MayReadLedger) throws -> Answer {
        try database.read { data in
            permit.program.note(.money, because: .administers)
            return .json(
                LedgerDocument.balances(
                    try Ledger.balances(in: data),
                    entries: try Ledger.count(in: data),
                    at: time.now()
                ).bytes
            )
        }
    }

    private func entries(_ request: Request, _ permit: MayReadLedger) throws -> Answer {
        let after = try number("after", in: request, least: 0, most: .max, otherwise: 0)
        let limit = try number(
            "limit",
            in: request,
            least: Int64(Self.entriesAPage.lowerBound),
            most: Int64(Self.entriesAPage.upperBound),
            otherwise: 100
        )
        return try database.read { data in
            permit.program.note(.entry, because: .administers)
            let entries = try Ledger.entries(after: after, limit: Int(limit), in: data)
            return .json(
                JSON.record(["entries": .array(entries.map(LedgerDocument.entry))]).bytes
            )
        }
    }

    private func entry(_ request: Request, _ permit: MayReadLedger) throws -> Answer {
        guard let text = request.parameters["number"], let number = Int64(text),
            String(number) == text
        else { throw NotThere() }
        return try database.read { data in
            guard let entry = try Ledger.entry(number: number, in: data) else { throw NotThere() }
            permit.program.note(.entry, reference: number, because: .administers)
            return .json(LedgerDocument.entry(entry).bytes)
        }
    }

    private func post(_ request: Request, _ permit: MayPostEntry) throws -> Answer {
        let body = try request.json(atMostBytes: Self.bodyBytes)
        let key = try request.idempotencyKey()
        let wanted = try WantedEntry(body)
        return try database.write { change in
            let entry = try Posting.post(wanted, once: key, permit, in: change)
            return .json(LedgerDocument.entry(entry).bytes, status: 201)
                .with(header: "location", "/api/ledger/entries/\(entry.number)")
        }
    }

    private func number(
        _ name: String,
        in request: Request,
        least: Int64,
        most: Int64,
        otherwise: Int64
    ) throws -> Int64 {
        guard request.query.has(name) else { return otherwise }
        guard let number = Int64(request.query.exact(name)), (least...most).contains(number) else {
            let range = Phrase(
                "web.rest.flaw.not-number",
                ["least": .text("\(least)"), "most": .text("\(most)")]
            )
            throw Problem(
                422,
                Phrase("web.rest.flawed"),
                name: "flawed",
                flaws: [Problem.Flaw("?\(name)", range)]
            )
        }
        return number
    }
}
