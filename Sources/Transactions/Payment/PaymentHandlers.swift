import Basics
import Identity
import Relationships
import Store
import Web

struct PaymentHandlers: Sendable {
    static let runsPerPage = 100

    let database: Database
    let records: Records
    let hats: HatAccess
    let zone: CivilZone
    let random: RandomSource

    func add(to routes: inout Routes) {
        routes.get("/payment-runs", for: hats.admin, list)
        routes.get("/payment-runs/new", for: hats.admin, ask)
        routes.post("/payment-runs", for: hats.admin, start)
        routes.get("/payment-runs/{id}", for: hats.admin, show)
        routes.get("/payments/{id}", for: hats.admin, showVisit)
    }

    private func list(_ request: Request, _: AdminHat) throws -> Answer {
        try database.read { data in
            let runs = try PaymentStore.all(
                before: PaymentRun.ID(request.query["before"]),
                limit: Self.runsPerPage,
                in: data
            )
            let due = try PaymentRuns.due(in: data)
            return .page(
                PaymentRunsPage(
                    due: due.count,
                    sum: .pence(due.reduce(0) { $0 + $1.pence }),
                    lines: runs.map { run in
                        PaymentRunsPage.Line(
                            id: run.id,
                            day: zone.day(of: run.startedAt),
                            time: zone.time(of: run.startedAt),
                            paid: run.paid,
                            sum: .pence(run.pence),
                            left: run.left
                        )
                    },
                    older: runs.count == Self.runsPerPage ? runs.last?.id : nil
                )
            )
        }
    }

    /// What a run would pay now, to be looked at before it does.
    private func ask(_: Request, _ hat: AdminHat) throws -> Answer {
        try database.read { data in
            .page(try asking(PaymentRuns.due(in: data), hat, hasChanged: false, data))
        }
    }

    private func start(_ request: Request, _ hat: AdminHat) throws -> Answer {
        try database.write { change in
            let key = try OneTimeKey.read(request.form)
            // Pressed twice: what it did stands already.
            if let done = try PaymentStore.run(once: key, in: change.snapshot) {
                return .seeOther("/payment-runs/\(done)", flash: "payment-run.done")
            }
            let due = try PaymentRuns.due(in: change.snapshot)
            let sum = PaymentAskingPage.sum(of: due)
            guard request.form["sum"] == String(sum) else {
                return .page(
                    try asking(due, hat, hasChanged: true, change.snapshot),
                    status: .conflict
                )
            }
            let id = try PaymentRuns.run(startedBy: hat.person, once: key, in: change)
            return .seeOther("/payment-runs/\(id)", flash: "payment-run.done")
        }
    }

    private func asking(
        _ due: [PaymentRuns.Due],
        _ hat: AdminHat,
        hasChanged: Bool,
        _ data: borrowing Snapshot
    ) throws -> PaymentAskingPage {
        PaymentAskingPage(
            lines: try due.map { visit in
                PaymentAskingPage.Line(
                    visit: try line(visit.careLog, visit.pence, hat, data),
                    isCovered: visit.isCovered
                )
            },
            pence: PaymentAskingPage.sum(of: due),
            key: OneTimeKey.make(random),
            hasChanged: hasChanged
        )
    }

    private func show(_ request: Request, _ hat: AdminHat) throws -> Answer {
        try database.read { data in
            guard let run = try PaymentStore.find(request.id(), in: data) else { throw NotThere() }
            var lines: [PaymentLine] = []
            for line in try PaymentStore.lines(of: run.id, in: data) {
                guard let log = try CareLogStore.find(line.careLog, in: data) else { continue }
                lines.append(try self.line(log, line.pence, hat, data))
            }
            return .page(
                PaymentRunPage(
                    id: run.id,
                    day: zone.day(of: run.startedAt),
                    sum: .pence(run.pence),
                    left: run.left,
                    lines: lines
                )
            )
        }
    }

    /// One visit as far as its money goes: not what was done there, nor how it was.
    private func showVisit(_ request: Request, _ hat: AdminHat) throws -> Answer {
        try database.read { data in
            guard let log = try CareLogStore.find(request.id(), in: data),
                log.agreement.state != .pending
            else { throw NotThere() }
            return .page(
                PaymentPage(
                    line: try line(log, log.amount().minor, hat, data),
                    minutes: log.minutes,
                    happened: log.version.happened,
                    rate: log.rate,
                    isPaid: log.agreement.state == .paid,
                    run: try PaymentStore.run(paying: log.id, in: data)
                )
            )
        }
    }

    private func line(
        _ log: CareLog,
        _ pence: Int64,
        _ hat: AdminHat,
        _ data: borrowing Snapshot
    ) throws -> PaymentLine {
        let acting = hat.person.acting
        _ = try records.disclose(.payment, of: log.receiver, to: acting, in: data)
        return PaymentLine(
            careLog: log.id,
            giver: try records.name(of: log.giver, to: acting, in: data).full,
            receiver: try records.name(of: log.receiver, to: acting, in: data).full,
            day: zone.day(of: log.version.startedAt),
            start: zone.time(of: log.version.startedAt),
            end: zone.time(of: log.version.endedAt),
            amount: .pence(pence)
        )
    }
}
