import Basics
import Events
import Ledger
import Store
import TestSupport
import Testing
import Transactions

@testable import App

/// Money that came in is recorded by whoever administers (ACC-01, J14).
@Suite struct ReceiptTests {
    let rig: Rig
    let eve: Browser

    init() throws {
        rig = try Rig()
        eve = try rig.browser("eve")
    }

    @Test func `it is reached from the payments, and what was recorded is shown`() throws {
        #expect(try eve.get("/payment-runs").text.contains("href=\"/funds\""))
        let funds = try rig.bensFunds()
        #expect(try eve.get("/funds").words.contains("Ben Okafor £"))
        #expect(try eve.get(funds).text.contains("href=\"\(funds)/receipt\""))
        let before = try rig.bensBalance()
        let receipt = try rig.recorded(by: eve)
        let page = try eve.get(receipt).words
        #expect(page.contains("It is recorded, and they have been told."))
        #expect(page.contains("£250.00 In the account"))
        #expect(page.contains("Reached the bank Friday 20 November 2026"))
        #expect(page.contains("On the bank statement OKAFOR B REF 4471"))
        #expect(page.contains("Saturday 21 November 2026, 10:00, Eve Lindqvist"))
        #expect(try rig.bensBalance() == before + 25_000)
        #expect(try eve.get(funds).text.contains("href=\"\(receipt)\""))
    }

    @Test func `the person sees it in their money, their notices and their record`() throws {
        let receipt = try rig.recorded(by: eve)
        let ben = try rig.browser("ben")
        let money = try ben.get("/money")
        #expect(money.words.contains("Sat 21 Nov Paid in £250.00"))
        #expect(money.text.contains("href=\"\(receipt)\">Paid in"))
        let own = try ben.get(receipt).words
        #expect(own.contains("£250.00") && own.contains("OKAFOR B REF 4471"))
        #expect(!own.contains("Something is wrong with it"))
        let notices = try ben.get("/notices")
        #expect(notices.words.contains("£250.00 was paid in to your account"))
        #expect(notices.text.contains("href=\"\(receipt)\""))
        let record = try ben.get("/record").words
        #expect(record.contains("Eve Lindqvist"))
        #expect(
            record.contains("Recorded money that came in for you, because they keep the accounts")
        )
        #expect(try eve.get("/audit").words.contains("Recorded money that came in"))
    }

    @Test func `its entry took effect on the day it reached the bank`() throws {
        _ = try rig.recorded(by: eve)
        let entry = try #require(
            try rig.database.read {
                try Ledger.entry(number: try Ledger.count(in: $0), in: $0)
            }
        )
        #expect(entry.kind == "top-up")
        #expect(entry.legs.map(\.amount) == [-25_000, 25_000])
        // Midnight of Friday, 34 hours before it was written down.
        #expect(entry.effectiveAt == Rig.start.adding(minutes: -34 * 60))
        #expect(entry.recordedAt == Rig.start)
        #expect(try rig.database.read { try Ledger.verify(in: $0) }.isEmpty)
        #expect(try rig.database.read { try Funds.verify(in: $0) }.isEmpty)
    }

    @Test func `a form that is sent twice is one entry`() throws {
        let fields = try rig.typed(by: eve)
        let path = try rig.bensFunds() + "/receipt"
        let first = try eve.post(path, fields)
        let entries = try rig.entries()
        let again = try eve.copy().post(path, fields)
        #expect(again.status == 303)
        #expect(again.location == first.location)
        #expect(try rig.entries() == entries)
    }

    @Test(arguments: [("amount", "251"), ("day", "2026-11-19"), ("bank", "SOMEONE ELSE")])
    func `a form that is sent again with something else in it is refused`(
        field: String,
        value: String
    ) throws {
        let fields = try rig.typed(by: eve)
        let path = try rig.bensFunds() + "/receipt"
        _ = try eve.post(path, fields)
        let entries = try rig.entries()
        let other = try eve.post(path, fields.merging([field: value]) { _, new in new })
        #expect(other.status == 409)
        #expect(other.words.contains("What it said then is recorded; this is not."))
        #expect(try rig.entries() == entries)
    }

    @Test(arguments: [
        ("amount", "", "Say how much came in"),
        ("amount", "lots", "Check the amount. It should look like 250 or 1,250.00"),
        ("amount", "0", "Check the amount."), ("amount", "-5", "Check the amount."),
        ("amount", "100000.01", "That is more than £100,000."),
        ("day", "", "Say on which day it reached the bank"),
        ("day", "31/02/2026", "Check the date."), ("day", "2026-11-22", "has not come yet"),
        ("day", "2025-11-19", "more than a year ago"),
        ("bank", "  ", "Copy what the bank statement says"),
        ("bank", String(repeating: "x", count: 301), "Use fewer words"),
    ])
    func `what is wrong is said beside its field, and what was typed is kept`(
        field: String,
        value: String,
        words: String
    ) throws {
        let fields = try rig.typed([field: value], by: eve)
        let before = try rig.dump()
        let answer = try eve.post("\(rig.bensFunds())/receipt", fields)
        #expect(answer.status == 422)
        #expect(answer.text.contains("<title>Error: "))
        #expect(answer.text.contains("href=\"#\(field)\""))
        let error = try #require(answer.text.firstMatch(of: /class="error" id="([a-z]+)-error"/))
        #expect(String(error.1) == field)
        #expect(answer.words.contains(words))
        for (name, typed) in fields where name != field {
            #expect(answer.text.contains("value=\"\(typed)\""), "\(name) is lost")
        }
        #expect(try rig.dump() == before)
    }

    @Test func `the same sum on the same day is asked about before it is recorded again`() throws {
        _ = try rig.recorded(by: eve)
        let entries = try rig.entries()
        let path = try rig.bensFunds() + "/receipt"
        let fields = try rig.typed(["bank": "OKAFOR B"], by: eve)
        let asked = try eve.post(path, fields)
        #expect(asked.status == 422)
        #expect(asked.words.contains("This sum is recorded for this day already."))
        #expect(asked.text.contains("id=\"again\""))
        #expect(try rig.entries() == entries)
        let said = try eve.post(path, fields.merging(["again": "yes"]) { _, new in new })
        #expect(said.status == 303)
        #expect(try rig.entries() == entries + 1)
    }

    @Test func `what the bank says of someone is sealed in the store`() throws {
        let receipt = try rig.recorded(by: eve)
        let key = try rig.key(on: "\(receipt)/correction", for: eve)
        _ = try eve.post("\(receipt)/correction", ["key": key, "why": "Wrong person entirely"])
        let store = try rig.dump()
        #expect(!store.contains("REF 4471") && !store.contains("Wrong person entirely"))
    }

    @Test func `whoever looks leaves a trace, and the person sees it`() throws {
        let receipt = try rig.recorded(by: eve)
        for path in ["/funds", try rig.bensFunds(), try "\(rig.bensFunds())/receipt", receipt] {
            let before = try rig.traces()
            #expect(try eve.get(path).status == 200)
            #expect(try rig.traces() > before, "\(path)")
        }
        #expect(try rig.browser("ben").get("/record").words.contains("Looked at your money"))
        let ben = try rig.browser("ben")
        let before = try rig.traces()
        _ = try ben.get(receipt)
        #expect(try rig.traces() == before)
    }
}
