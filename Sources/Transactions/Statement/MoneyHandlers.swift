import Basics
import Identity
import Ledger
import Relationships
import Store
import Web

struct MoneyHandlers: Sendable {
    static let linesPerPage = 100

    let database: Database
    let records: Records
    let time: TimeSource
    let zone: CivilZone

    func add(to routes: inout Routes) {
        routes.get("/money", for: .signedIn, show)
    }

    private func show(_ request: Request, _ person: SignedIn) throws -> Answer {
        try database.read { data in
            let hats = try Hats.of(person.id, in: data)
            let reading = StatementReading(
                records: records,
                zone: zone,
                person: person,
                linesPerPage: Self.linesPerPage
            )
            return .page(
                MoneyPage(
                    name: try records.name(of: person.id, to: person.acting, in: data).full,
                    today: zone.day(of: time.now()),
                    spending: try FundsPolicy.hasFunds(person.id, in: data)
                        ? try reading.spending(before: request.query["spent-before"], in: data)
                        : nil,
                    earning: hats.contains(.givingSupport)
                        ? try reading.earning(before: request.query["earned-before"], in: data)
                        : nil
                )
            )
        }
    }
}

/// A person's statements, each line with the visit behind it.
struct StatementReading: Sendable {
    let records: Records
    let zone: CivilZone
    let person: SignedIn
    let linesPerPage: Int

    func spending(
        before: String,
        in data: borrowing Snapshot
    ) throws -> MoneyPage.Statement {
        let found = try lines(Funds.funds, before, data)
        return MoneyPage.Statement(
            balance: try Ledger.balance(Funds.funds, of: person.id.rawValue, in: data),
            waiting: [],
            lines: try found.map { try line($0, data) },
            older: older(found)
        )
    }

    /// What was agreed and is still to be paid stands above what was paid. That a payment goes
    /// out again in the same moment is no line of its own: it would only take away what the line
    /// before it gave.
    func earning(
        before: String,
        in data: borrowing Snapshot
    ) throws -> MoneyPage.Statement {
        let found = try lines(Funds.payable, before, data)
        let due = try CareLogStore.due(givenBy: person.id, in: data)
        var sum = Money.pence(0)
        for log in due { sum = try sum.adding(try log.amount()) }
        return MoneyPage.Statement(
            balance: sum,
            waiting: try due.map { log in
                MoneyPage.Waiting(visit: try visit(log, data), amount: try log.amount())
            },
            lines: try found.filter { $0.kind != "payout" }.map { try line($0, data) },
            older: older(found)
        )
    }

    private func lines(
        _ kind: AccountKind,
        _ before: String,
        _ data: borrowing Snapshot
    ) throws -> [StatementLine] {
        try Ledger.statement(
            kind,
            of: person.id.rawValue,
            before: Int64(before) ?? .max,
            limit: linesPerPage,
            in: data
        )
    }

    private func older(_ lines: [StatementLine]) -> Int64? {
        lines.count == linesPerPage ? lines.last?.entry : nil
    }

    private func line(
        _ line: StatementLine,
        _ data: borrowing Snapshot
    ) throws -> MoneyPage.Line {
        let receipt = try ReceiptStore.id(entry: line.entry, in: data)
        let log =
            try receipt != nil || line.kind == Funds.paidIn
            ? nil
            : line.reference.flatMap { reference in
                try CareLogStore.find(CareLog.ID(rawValue: reference), in: data)
            }
        return MoneyPage.Line(
            // When the money moved, which is what the order goes by too.
            day: zone.day(of: line.recordedAt),
            kind: line.kind,
            visit: try log.map { try visit($0, data) },
            receipt: receipt,
            amount: line.amount,
            left: line.balanceAfter
        )
    }

    /// By its title where that can still be read, else as a visit.
    private func visit(
        _ log: CareLog,
        _ data: borrowing Snapshot
    ) throws -> MoneyPage.Visit {
        let acting = person.acting
        let other = log.giver == person.id ? log.receiver : log.giver
        var title: String?
        do {
            let booking = try BookingStore.find(log.booking, for: acting, in: data)
            title = try Bookings.title(of: booking, to: acting, records, in: data)
        } catch is NotThere {
            title = nil
        }
        return MoneyPage.Visit(
            careLog: log.id,
            title: title,
            other: try CareLogReading(records: records, zone: zone).who(other, acting, data),
            day: zone.day(of: log.version.startedAt)
        )
    }
}
