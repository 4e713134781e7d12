import Basics
import Events
import Ledger
import ProofLog
import Store
import TestSupport
import Testing
import Transactions

@testable import App

/// What was recorded by mistake is taken back by an entry of its own.
@Suite struct CorrectionTests {
    let rig: Rig
    let eve: Browser
    let receipt: String

    init() throws {
        rig = try Rig()
        eve = try rig.browser("eve")
        receipt = try rig.recorded(by: eve)
    }

    private func fields(_ why: String = "It was £25.") throws -> [String: String] {
        ["key": try rig.key(on: "\(receipt)/correction", for: eve), "why": why]
    }

    @Test func `both entries stay, the money is out again, and the person reads why`() throws {
        let before = try rig.bensBalance()
        let entries = try rig.entries()
        let asked = try eve.get("\(receipt)/correction").words
        #expect(asked.contains("Take £250.00 back?"))
        #expect(asked.contains("Left in the account after it"))
        let answer = try eve.post("\(receipt)/correction", fields())
        #expect(answer.location == receipt)
        try rig.community.runner.runDue()
        #expect(try rig.bensBalance() == before - 25_000)
        #expect(try rig.entries() == entries + 1)
        #expect(try eve.get(receipt).words.contains("It is taken back, and they have been told."))

        let ben = try rig.browser("ben")
        let money = try ben.get("/money")
        #expect(money.words.contains("Put right −£250.00"))
        #expect(money.words.contains("Paid in £250.00"))
        #expect(money.text.matches(of: /href="\/receipts\//).count >= 2)
        let page = try ben.get(receipt).words
        #expect(page.contains("Taken back") && page.contains("It was £25."))
        #expect(try ben.get("/notices").words.contains("£250.00 that was recorded as paid in"))
        #expect(
            try ben.get("/record").words.contains(
                "Took back money that had been recorded by mistake, because they keep the accounts"
            )
        )
        #expect(try rig.database.read { try Ledger.verify(in: $0) }.isEmpty)
        #expect(try rig.database.read { try Funds.verify(in: $0) }.isEmpty)
    }

    @Test func `it is taken back once, however often it is asked`() throws {
        let fields = try fields()
        let other = try self.fields("Another reason")
        let entries = try rig.entries()
        #expect(try eve.post("\(receipt)/correction", fields).status == 303)
        #expect(try eve.copy().post("\(receipt)/correction", fields).location == receipt)
        let late = try eve.post("\(receipt)/correction", other)
        #expect(late.status == 409)
        #expect(late.words.contains("This entry has been put right already."))
        #expect(try rig.entries() == entries + 1)
        #expect(try eve.get("\(receipt)/correction").location == receipt)
        #expect(try !eve.get(receipt).text.contains("\(receipt)/correction"))
    }

    @Test(arguments: [
        ("", "Say what was wrong"), (String(repeating: "x", count: 501), "Use fewer words"),
    ])
    func `it needs a reason, which is not too long`(why: String, words: String) throws {
        let fields = try fields(why)
        let before = try rig.dump()
        let answer = try eve.post("\(receipt)/correction", fields)
        #expect(answer.status == 422)
        #expect(answer.words.contains(words))
        #expect(answer.text.contains("href=\"#why\""))
        #expect(try rig.dump() == before)
    }

    @Test func `what was taken back may be recorded anew without a question`() throws {
        _ = try eve.post("\(receipt)/correction", fields())
        let answer = try eve.post("\(rig.bensFunds())/receipt", rig.typed(by: eve))
        #expect(answer.status == 303)
        #expect(answer.location != receipt)
    }

    @Test func `a sum, a person or an entry that was changed behind our back is told`() throws {
        _ = try eve.post("\(receipt)/correction", fields())
        for change in [
            "UPDATE transactions_receipt SET pence = 1",
            "UPDATE transactions_receipt SET person = recorded_by",
            "UPDATE transactions_correction SET entry = 1",
        ] {
            let other = try Rig()
            let browser = try other.browser("eve")
            let path = try other.recorded(by: browser)
            let key = try other.key(on: "\(path)/correction", for: browser)
            _ = try browser.post("\(path)/correction", ["key": key, "why": "Wrong"])
            #expect(try other.database.read { try Funds.verify(in: $0) }.isEmpty)
            try Tampering.run(change, on: other.database)
            let problems = try other.database.read {
                try Funds.verify(in: $0).map(\.description)
            }
            #expect(problems.contains { $0.hasPrefix("transactions_") }, "\(change)")
        }
    }
}
