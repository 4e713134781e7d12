package import Basics
import Events
package import Identity
import Ledger
package import Store

/// A payment run: pays each agreed visit that is covered, once, and tells what it left (PAY-05).
package struct PaymentRun: Sendable {
    package typealias ID = Identifier<PaymentRun>

    let id: ID
    let startedAt: Instant
    let paid: Int
    let pence: Int64
    let left: Int
}

package enum PaymentRuns {
    /// All in one change: a run that is cut off has paid nobody.
    package static func run(
        startedBy person: SignedIn?,
        once key: String,
        in change: borrowing Change
    ) throws -> PaymentRun.ID {
        if let existing = try PaymentStore.run(once: key, in: change.snapshot) { return existing }
        let id = change.newID(PaymentRun.self)
        try PaymentStore.insert(id, startedBy: person?.id, once: key, in: change)
        for visit in try due(in: change.snapshot) {
            if visit.isCovered {
                try pay(visit, run: id, person, in: change)
            } else {
                try PaymentStore.leave(id, visit.careLog.id, visit.pence, in: change)
            }
        }
        return id
    }

    /// One agreed visit, and whether a run of now would pay it.
    struct Due {
        let careLog: CareLog
        let pence: Int64
        let isCovered: Bool
    }

    /// What a run would do now, so that it can be looked at before.
    static func due(in data: borrowing Snapshot) throws -> [Due] {
        let logs = Dictionary(grouping: try CareLogStore.due(in: data), by: \.receiver)
        var due: [Due] = []
        for receiver in logs.keys.sorted() {
            let owner = receiver.rawValue
            let funds = try Ledger.balance(Funds.funds, of: owner, in: data)
            let held = try Ledger.balance(Funds.held, of: owner, in: data)
            let visits = try (logs[receiver] ?? []).map { log in
                PaymentPlan.Due(id: log.id, pence: try log.amount().minor)
            }
            // What is held was taken from the funds when the visit was agreed, so both together
            // are what the person really put in and has not yet spent.
            let plan = PaymentPlan.split(visits, covered: try funds.adding(held).minor)
            let covered = Set(plan.paid.map(\.id))
            for log in logs[receiver] ?? [] {
                due.append(
                    Due(
                        careLog: log,
                        pence: try log.amount().minor,
                        isCovered: covered.contains(log.id)
                    )
                )
            }
        }
        return due
    }

    private static func pay(
        _ visit: Due,
        run: PaymentRun.ID,
        _ person: SignedIn?,
        in change: borrowing Change
    ) throws {
        let log = visit.careLog
        try Funds.pay(log, in: change)
        try CareLogStore.set(try log.agreement.paying(), of: log.id, in: change)
        try PaymentStore.insert(run, log, visit.pence, in: change)
        try Audit.record(
            .paid,
            .careLog,
            reference: log.id.rawValue,
            about: log.receiver,
            actor: person?.id,
            because: person == nil ? .platform : .administers,
            in: change
        )
        try change.record(
            CareLogPaid(careLog: log.id, giver: log.giver, receiver: log.receiver)
        )
    }
}
