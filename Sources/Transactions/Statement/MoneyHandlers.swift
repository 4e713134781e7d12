import Basics
import Identity
import Ledger
import Relationships
import Store
import Web

struct MoneyHandlers: Sendable {
    static let linesPerPage = 100

    let database: Database
    let zone: CivilZone

    func add(to routes: inout Routes) {
        routes.get("/money", for: .signedIn, show)
    }

    private func show(_: Request, _ person: SignedIn) throws -> Answer {
        try database.read { data in
            let hats = try Hats.of(person.id, in: data)
            return .page(
                MoneyPage(
                    spending: hats.contains(.gettingSupport)
                        ? try statement(Funds.funds, of: person.id, data) : nil,
                    earning: hats.contains(.givingSupport)
                        ? try earnings(of: person.id, data) : nil
                )
            )
        }
    }

    private func statement(
        _ kind: AccountKind,
        of person: Person.ID,
        _ data: borrowing Snapshot
    ) throws -> MoneyPage.Statement {
        let owner = person.rawValue
        return MoneyPage.Statement(
            balance: try Ledger.balance(kind, of: owner, in: data),
            lines: try Ledger.statement(
                kind,
                of: owner,
                limit: Self.linesPerPage,
                in: data
            ).map { line in
                MoneyPage.Line(
                    day: zone.day(of: line.effectiveAt),
                    what: Phrase("money.line.\(line.kind)"),
                    amount: line.amount,
                    left: line.balanceAfter,
                    careLog: line.kind == "top-up"
                        ? nil : line.reference.map { CareLog.ID(rawValue: $0) }
                )
            }
        )
    }

    /// What was agreed and is still to be paid stands above what was paid.
    private func earnings(
        of person: Person.ID,
        _ data: borrowing Snapshot
    ) throws -> MoneyPage.Statement {
        let paid = try statement(Funds.payable, of: person, data)
        var waiting = Money.pence(0)
        for log in try CareLogStore.due(givenBy: person, in: data) {
            waiting = try waiting.adding(try log.amount())
        }
        return MoneyPage.Statement(balance: waiting, lines: paid.lines)
    }
}
