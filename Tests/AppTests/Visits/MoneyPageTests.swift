import Basics
import Identity
import Store
import Testing
import Transactions

@testable import App

/// Statements and payment runs, through the pages.
@Suite struct MoneyPageTests {
    /// Thursday's visit is agreed, £20.00, and not paid yet.
    private func agreed() throws -> (rig: Rig, log: String) {
        let rig = try Rig()
        let log = try rig.thursday()
        let answer = try rig.browser("ben").post("\(log)/confirmation", ["version": "2"])
        try #require(answer.status == 303)
        return (rig, log)
    }

    private func key(_ page: PageAnswer) throws -> String {
        String(try #require(page.text.firstMatch(of: /name="key" value="([^"]+)"/)?.1))
    }

    @Test func `each line names its visit and the day the money moved`() throws {
        let (rig, log) = try agreed()
        let page = try rig.browser("ben").get("/money").words
        // Thursday's visit was agreed on Saturday, so that is when its money moved.
        #expect(page.contains("Sat 21 Nov Washing and breakfast with Ada, Thu 19 Nov −£20.00"))
        #expect(page.contains("Ben Okafor, Saturday 21 November 2026"))
        #expect(try rig.browser("ben").get("/money").text.contains("href=\"\(log)\""))
    }

    @Test func `what is on its way is listed, and what was paid out is not taken away again`()
        throws
    {
        let (rig, log) = try agreed()
        let answer = try rig.browser("ada").get("/money")
        #expect(answer.text.contains("<h1>Earnings</h1>"))
        #expect(answer.text.contains("href=\"\(log)\""))
        #expect(answer.words.contains("Washing and breakfast with Ben, Thu 19 Nov : £20.00"))
        #expect(!answer.words.contains("−£"))
        #expect(!answer.words.contains("bank"))
        #expect(answer.words.contains("Morning visit with Ben, Mon 9 Nov £16.00"))
    }

    @Test func `a hundred lines lead to those before them`() throws {
        let rig = try Rig()
        try rig.database.write { change in
            let owner: Int64? = try change.snapshot.value(
                "SELECT owner FROM ledger_account WHERE kind = 'funds'"
            )
            let ben = Person.ID(rawValue: try #require(owner))
            for number in 0..<105 {
                try Funds.add(
                    .pence(100),
                    for: ben,
                    once: "more-\(number)",
                    receivedAt: change.now,
                    by: SignedIn.demonstration(ben).acting,
                    in: change
                )
            }
        }
        let browser = try rig.browser("ben")
        let first = try browser.get("/money").text
        #expect(!first.contains("Washing and breakfast"))
        let older = try #require(first.firstMatch(of: /\/money\?spent-before=[0-9]+/)?.0)
        let second = try browser.get(String(older)).text
        #expect(second.contains("Washing and breakfast"))
        #expect(!second.contains("href=\"/money?spent-before"))
    }

    @Test func `titles that others read leave a trace`() throws {
        let (rig, _) = try agreed()
        let ada = try rig.browser("ada")
        let before = try rig.traces()
        _ = try ada.get("/money")
        #expect(try rig.traces() > before)
    }

    @Test func `payments are listed with their sum and asked about before they are made`() throws {
        let (rig, log) = try agreed()
        let eve = try rig.browser("eve")
        #expect(try eve.get("/payment-runs").words.contains("wait to be paid: £"))
        let asking = try eve.get("/payment-runs/new")
        #expect(
            asking.words.contains("Ada Whitaker Ben Okafor Thursday 19 November, 9:00 to 10:15")
        )
        let visit = log.replacing("/care-logs/", with: "/payments/")
        #expect(asking.text.contains("href=\"\(visit)\""))
        let sum = try #require(asking.text.firstMatch(of: /name="sum" value="([0-9]+)"/)?.1)
        // A sum that was not the one shown pays nobody.
        let entries = try rig.entries()
        let wrong = try eve.post("/payment-runs", ["key": key(asking), "sum": "1"])
        #expect(wrong.status == 409)
        #expect(wrong.words.contains("Nothing was paid"))
        #expect(try rig.entries() == entries)
        let fields = ["key": try key(asking), "sum": String(sum)]
        let paid = try eve.post("/payment-runs", fields)
        #expect(paid.status == 303)
        #expect(try eve.post("/payment-runs", fields).location == paid.location)
        #expect(try eve.get(paid.location ?? "").text.contains("href=\"\(visit)\""))
        #expect(try eve.get(visit).words.contains("9:00 to 10:15, 1 hour 15 minutes"))
        #expect(try eve.get("/payment-runs").words.contains("No agreed visits wait to be paid."))
    }

    @Test func `a run that is far back is still found, and each hundred lead to those before`()
        throws
    {
        let (rig, _) = try agreed()
        try rig.database.write { change in
            for number in 0..<120 {
                try change.run(
                    """
                    INSERT INTO transactions_payment_run (id, started_by, started_at, once)
                    VALUES (\(9_000_000_000_000_000 + number), NULL, \(change.now),
                            \("later-\(number)"))
                    """
                )
            }
        }
        let eve = try rig.browser("eve")
        let first = try eve.get("/payment-runs").text
        let older = try #require(first.firstMatch(of: /\/payment-runs\?before=[0-9a-z]{13}/)?.0)
        let second = try eve.get(String(older)).text
        let last = try #require(
            second.matches(of: /\/payment-runs\/[0-9a-z]{13}/).last.map { String($0.0) }
        )
        #expect(try eve.get(last).status == 200)
    }
}
