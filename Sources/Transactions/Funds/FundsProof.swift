import Basics
import Identity
import Ledger
package import ProofLog
package import Store

extension Funds {
    /// Proves that the ledger and the payments say of every visit what its state says, each way,
    /// that every account has the floor it was opened with, and that every receipt has its entry;
    /// or names what does not.
    package static func verify(in data: borrowing Snapshot) throws -> [ProofProblem] {
        var problems: [ProofProblem] = []
        var payments = try payments(in: data)
        var expected = ["care": Int64(0), "payment": 0, "payout": 0]
        for visit in try visits(in: data) {
            let name = "transactions_care_log \(visit.id)"
            let entries = visit.entries
            for entry in entries {
                expected[entry.kind, default: 0] += 1
                if try Ledger.entry(key: entry.key, in: data).map(entry.isSame) != true {
                    problems.append(
                        ProofProblem(
                            "\(name) says \(visit.state), but the ledger has no such \(entry.kind) entry"
                        )
                    )
                }
            }
            let payment = payments.removeValue(forKey: visit.id)
            if payment != visit.payment {
                problems.append(
                    ProofProblem(
                        "\(name) says \(visit.state), but its transactions_payment does not"
                    )
                )
            }
        }
        for id in payments.keys.sorted() {
            problems.append(ProofProblem("transactions_payment of \(id) is of no visit"))
        }
        for (kind, count) in expected.sorted(by: { $0.key < $1.key }) {
            let found = try Ledger.count(of: kind, in: data)
            if found != count {
                problems.append(
                    ProofProblem(
                        "the ledger has \(found) \(kind) entries, the visits account for \(count)"
                    )
                )
            }
        }
        return problems + (try floors(in: data)) + (try Receipts.verify(in: data))
    }

    private static func floors(in data: borrowing Snapshot) throws -> [ProofProblem] {
        try Ledger.balances(in: data).filter { account in
            kinds.contains { $0.name == account.kind && $0.floor != account.floor }
        }.map { account in
            ProofProblem(
                "ledger_account \(account.kind) of \(account.owner) has not the floor of its kind"
            )
        }
    }

    private static func payments(
        in data: borrowing Snapshot
    ) throws -> [CareLog.ID: VisitProof.Payment] {
        let found = try data.all(
            """
            SELECT care_log, giver, receiver, pence,
                   run IN (SELECT id FROM transactions_payment_run)
            FROM transactions_payment
            """
        ) { row -> (CareLog.ID, VisitProof.Payment) in
            let payment = VisitProof.Payment(
                giver: try row[1],
                receiver: try row[2],
                pence: try row[3],
                isOfRun: try row[4]
            )
            return (try row[0], payment)
        }
        return Dictionary(found) { first, _ in first }
    }

    private static func visits(in data: borrowing Snapshot) throws -> [VisitProof] {
        try data.all(
            """
            SELECT id, giver, receiver, rate, state, happened, started_at, ended_at
            FROM transactions_care_log
            LEFT JOIN transactions_care_log_version AS latest
                   ON latest.care_log = id AND latest.version = transactions_care_log.version
            """
        ) { row in
            let happened: Bool? = try row[5]
            let start: Instant? = try row[6]
            let end: Instant? = try row[7]
            let rate: Int64? = try row[3]
            var pence: Int64 = 0
            if let rate, let start, let end, happened == true {
                let minutes = Minutes(start.minutes(until: end))
                // An amount that cannot be is none, and its entries will be missed.
                pence = (try? Money.pence(rate).perHour(for: minutes).minor) ?? 0
            }
            return VisitProof(
                id: try row[0],
                giver: try row[1],
                receiver: try row[2],
                state: try row[4],
                pence: pence
            )
        }
    }
}

/// What the money of one visit must look like, from its state and its times alone.
private struct VisitProof {
    struct Payment: Equatable {
        let giver: Person.ID
        let receiver: Person.ID
        let pence: Int64
        let isOfRun: Bool
    }

    struct Expected {
        struct Leg: Equatable {
            let kind: String
            let owner: Int64
            let amount: Int64
        }

        let kind: String
        let visit: CareLog.ID
        let legs: [Leg]

        var key: String { "\(kind)-\(visit)" }

        func isSame(_ entry: Entry) -> Bool {
            let found = entry.legs.map { leg in
                Leg(kind: leg.account.kind, owner: leg.account.owner, amount: leg.amount)
            }
            return entry.kind == kind && entry.reference == visit.rawValue && found == legs
                && entry.legs.allSatisfy { $0.account.currency == .gbp }
        }
    }

    let id: CareLog.ID
    let giver: Person.ID
    let receiver: Person.ID
    let state: String
    let pence: Int64

    var payment: Payment? {
        guard state == Agreement.State.paid.rawValue else { return nil }
        return Payment(giver: giver, receiver: receiver, pence: pence, isOfRun: true)
    }

    var entries: [Expected] {
        guard pence > 0, state != Agreement.State.pending.rawValue else { return [] }
        let funds = leg(Funds.funds, receiver.rawValue)
        let held = leg(Funds.held, receiver.rawValue)
        let payable = leg(Funds.payable, giver.rawValue)
        let care = entry("care", from: funds, to: held)
        guard payment != nil else { return [care] }
        return [
            care,
            entry("payment", from: held, to: payable),
            entry("payout", from: payable, to: leg(Funds.bank, 0)),
        ]
    }

    private func leg(_ kind: AccountKind, _ owner: Int64) -> (kind: String, owner: Int64) {
        (kind.name, owner)
    }

    private func entry(
        _ kind: String,
        from: (kind: String, owner: Int64),
        to: (kind: String, owner: Int64)
    ) -> Expected {
        Expected(
            kind: kind,
            visit: id,
            legs: [
                Expected.Leg(kind: from.kind, owner: from.owner, amount: -pence),
                Expected.Leg(kind: to.kind, owner: to.owner, amount: pence),
            ]
        )
    }
}
