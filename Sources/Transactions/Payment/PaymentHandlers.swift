import Basics
import Identity
import Relationships
import Store
import Web

struct PaymentHandlers: Sendable {
    let database: Database
    let records: Records
    let hats: HatAccess
    let zone: CivilZone
    let random: RandomSource

    func add(to routes: inout Routes) {
        routes.get("/payment-runs", for: hats.admin, list)
        routes.post("/payment-runs", for: hats.admin, start)
        routes.get("/payment-runs/{id}", for: hats.admin, show)
    }

    private func list(_: Request, _: AdminHat) throws -> Answer {
        try database.read { data in
            .page(
                PaymentRunsPage(
                    due: try CareLogStore.due(in: data).count,
                    key: OneTimeKey.make(random),
                    lines: try PaymentStore.all(in: data).map { run in
                        PaymentRunsPage.Line(
                            id: run.id,
                            day: zone.day(of: run.startedAt),
                            time: zone.time(of: run.startedAt),
                            paid: run.paid,
                            sum: .pence(run.pence),
                            left: run.left
                        )
                    }
                )
            )
        }
    }

    private func start(_ request: Request, _ hat: AdminHat) throws -> Answer {
        try database.write { change in
            let id = try PaymentRuns.run(
                startedBy: hat.person,
                once: try OneTimeKey.read(request.form),
                in: change
            )
            return .seeOther("/payment-runs/\(id)", flash: "payment-run.done")
        }
    }

    private func show(_ request: Request, _ hat: AdminHat) throws -> Answer {
        try database.read { data in
            guard let run = try PaymentStore.find(request.id(), in: data) else { throw NotThere() }
            var lines: [PaymentRunPage.Line] = []
            for line in try PaymentStore.lines(of: run.id, in: data) {
                let acting = hat.person.acting
                _ = try records.disclose(.payment, of: line.receiver, to: acting, in: data)
                lines.append(
                    PaymentRunPage.Line(
                        careLog: line.careLog,
                        giver: try records.name(of: line.giver, to: acting, in: data).full,
                        receiver: try records.name(of: line.receiver, to: acting, in: data).full,
                        amount: .pence(line.pence)
                    )
                )
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
}
