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
        let due = Dictionary(
            grouping: try CareLogStore.due(in: change.snapshot),
            by: \.receiver
        )
        for receiver in due.keys.sorted() {
            try pay(due[receiver] ?? [], of: receiver, run: id, person, in: change)
        }
        return id
    }

    private static func pay(
        _ logs: [CareLog],
        of receiver: Person.ID,
        run: PaymentRun.ID,
        _ person: SignedIn?,
        in change: borrowing Change
    ) throws {
        let owner = receiver.rawValue
        let funds = try Ledger.balance(Funds.funds, of: owner, in: change.snapshot)
        let held = try Ledger.balance(Funds.held, of: owner, in: change.snapshot)
        let byID = Dictionary(uniqueKeysWithValues: logs.map { ($0.id, $0) })
        let due = try logs.map { log in
            PaymentPlan.Due(id: log.id, pence: try log.amount().minor)
        }
        // What is held was taken from the funds when the visit was agreed, so both together are
        // what the person really put in and has not yet spent.
        let plan = PaymentPlan.split(due, covered: try funds.adding(held).minor)
        for visit in plan.paid {
            guard let log = byID[visit.id] else { continue }
            try Funds.pay(log, in: change)
            try CareLogStore.set(try log.agreement.paying(), of: log.id, in: change)
            try PaymentStore.insert(run, log, visit.pence, in: change)
            try Audit.record(
                .paid,
                .careLog,
                reference: log.id.rawValue,
                about: receiver,
                actor: person?.id,
                because: person == nil ? .platform : .administers,
                in: change
            )
            try change.record(
                CareLogPaid(careLog: log.id, giver: log.giver, receiver: log.receiver)
            )
        }
        for visit in plan.left {
            try PaymentStore.leave(run, visit.id, visit.pence, in: change)
        }
    }
}
