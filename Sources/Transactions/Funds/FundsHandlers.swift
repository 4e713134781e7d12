import Basics
import Identity
import Ledger
import Relationships
import Store
import Web

/// Everyone's funds, for whoever administers.
struct FundsHandlers: Sendable {
    static let peoplePerPage = 25
    static let linesPerPage = 100

    let database: Database
    let records: Records
    let hats: HatAccess
    let zone: CivilZone

    func add(to routes: inout Routes) {
        routes.get("/funds", for: hats.admin, list)
        routes.post("/funds", for: hats.admin, lane: .read, choose)
        routes.get("/funds/{id}", for: hats.admin, show)
    }

    private func list(_ request: Request, _ hat: AdminHat) throws -> Answer {
        try database.read { data in
            let after = Person.ID(request.query["after"])?.rawValue ?? 0
            return .page(try page(after, hat, Form(), FormErrors(), data))
        }
    }

    /// Turns a name that was typed into the address of that person's funds.
    private func choose(_ request: Request, _ hat: AdminHat) throws -> Answer {
        try database.read { data in
            let form = request.form
            if let person = try records.find(named: form["person"], in: data),
                try FundsPolicy.hasFunds(person, in: data)
            {
                return .seeOther("/funds/\(person)")
            }
            let errors = FormErrors("person", Phrase("funds.form.unknown"))
            return .page(try page(0, hat, form, errors, data), status: .unprocessable)
        }
    }

    private func page(
        _ after: Int64,
        _ hat: AdminHat,
        _ form: Form,
        _ errors: FormErrors,
        _ data: borrowing Snapshot
    ) throws -> FundsPage {
        let acting = hat.person.acting
        let accounts = try Ledger.accounts(
            Funds.funds,
            after: after,
            limit: Self.peoplePerPage,
            in: data
        )
        var lines: [FundsPage.Line] = []
        for account in accounts {
            let person = Person.ID(rawValue: account.owner)
            _ = try records.disclose(.money, of: person, to: acting, in: data)
            lines.append(
                FundsPage.Line(
                    person: person,
                    name: try records.name(of: person, to: acting, in: data).full,
                    left: .pence(account.balance)
                )
            )
        }
        return FundsPage(
            lines: lines,
            next: lines.count == Self.peoplePerPage ? lines.last?.person : nil,
            form: form,
            errors: errors
        )
    }

    private func show(_ request: Request, _ hat: AdminHat) throws -> Answer {
        try database.read { data in
            let person: Person.ID = try request.id()
            guard try FundsPolicy.hasFunds(person, in: data) else { throw NotThere() }
            let acting = hat.person.acting
            _ = try records.disclose(.money, of: person, to: acting, in: data)
            let owner = person.rawValue
            let found = try Ledger.statement(
                Funds.funds,
                of: owner,
                before: Int64(request.query["before"]) ?? .max,
                limit: Self.linesPerPage,
                in: data
            )
            return .page(
                PersonFundsPage(
                    person: person,
                    name: try records.name(of: person, to: acting, in: data).full,
                    isOwn: person == hat.person.id,
                    left: try Ledger.balance(Funds.funds, of: owner, in: data),
                    setAside: try Ledger.balance(Funds.held, of: owner, in: data),
                    lines: try found.map { try line($0, data) },
                    older: found.count == Self.linesPerPage ? found.last?.entry : nil
                )
            )
        }
    }

    /// A visit only as far as its money goes.
    private func line(
        _ line: StatementLine,
        _ data: borrowing Snapshot
    ) throws -> PersonFundsPage.Line {
        let path: String? =
            if line.kind == Funds.visit, let reference = line.reference {
                "/payments/\(CareLog.ID(rawValue: reference))"
            } else {
                try ReceiptStore.id(entry: line.entry, in: data).map { "/receipts/\($0)" }
            }
        return PersonFundsPage.Line(
            day: zone.day(of: line.recordedAt),
            kind: line.kind,
            amount: line.amount,
            left: line.balanceAfter,
            path: path
        )
    }
}
