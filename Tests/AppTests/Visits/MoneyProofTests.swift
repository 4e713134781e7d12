import ProofLog
import Store
import Testing
import Transactions

@testable import App

/// `kith verify` holds what a visit says against the money that moved for it.
@Suite struct MoneyProofTests {
    /// Visits that were paid, one that is agreed, one that waits.
    private func rig() throws -> Rig {
        let rig = try Rig()
        let log = try rig.thursday()
        let answer = try rig.browser("ben").post("\(log)/confirmation", ["version": "2"])
        try #require(answer.status == 303)
        _ = try rig.eveningOver()
        return rig
    }

    private func problems(_ rig: Rig, after tampering: SQL...) throws -> [String] {
        try rig.database.write { change in
            try change.run("DROP TRIGGER transactions_care_log_states")
            for statement in tampering { try change.run(statement) }
        }
        return try rig.database.read { try Funds.verify(in: $0).map(\.description) }
    }

    @Test func `what was lived is whole`() throws {
        #expect(try problems(rig()) == [])
    }

    @Test func `a paid visit that says it is only agreed is told`() throws {
        let found = try problems(
            rig(),
            after: "UPDATE transactions_care_log SET state = 'confirmed' WHERE state = 'paid'"
        )
        #expect(found.contains { $0.contains("its transactions_payment does not") })
        #expect(found.contains { $0.contains("payout entries") })
    }

    @Test func `an agreed visit that says it is paid is told`() throws {
        let found = try problems(
            rig(),
            after: "UPDATE transactions_care_log SET state = 'paid' WHERE state = 'confirmed'"
        )
        #expect(found.contains { $0.contains("no such payout entry") })
        #expect(found.contains { $0.contains("its transactions_payment does not") })
    }

    @Test func `an agreed visit that says it waits is told`() throws {
        let found = try problems(
            rig(),
            after: "UPDATE transactions_care_log SET state = 'pending' WHERE state = 'confirmed'"
        )
        #expect(found.contains { $0.contains("care entries") })
    }

    @Test func `a payment of another sum, to another person or of no run is told`() throws {
        let rig = try rig()
        let sum = try problems(rig, after: "UPDATE transactions_payment SET pence = 1")
        #expect(sum.contains { $0.contains("its transactions_payment does not") })
        let other = try problems(
            self.rig(),
            after: "UPDATE transactions_payment SET giver = receiver"
        )
        #expect(other.contains { $0.contains("its transactions_payment does not") })
    }

    @Test func `a payment that was taken away is told`() throws {
        let found = try problems(rig(), after: "DELETE FROM transactions_payment")
        #expect(found.contains { $0.contains("its transactions_payment does not") })
    }

    @Test func `a floor that was taken away is told`() throws {
        let found = try problems(
            rig(),
            after: "UPDATE ledger_account SET floor = NULL WHERE kind = 'held'"
        )
        #expect(found.contains { $0.contains("has not the floor of its kind") })
    }

    @Test func `a visit whose hours or rate were changed has not the entries for it`() throws {
        let found = try problems(
            rig(),
            after: "UPDATE transactions_care_log SET rate = 9900 WHERE state = 'paid'"
        )
        #expect(found.contains { $0.contains("no such care entry") })
    }
}
