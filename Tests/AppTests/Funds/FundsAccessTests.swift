import Basics
import Events
import Identity
import Relationships
import Store
import TestSupport
import Testing
import Web

@testable import App

/// Who may keep whose funds, and when an account begins.
@Suite struct FundsAccessTests {
    @Test func `nobody else records or takes back, whatever they send`() throws {
        let rig = try Rig()
        let eve = try rig.browser("eve")
        let receipt = try rig.recorded(by: eve)
        let funds = try rig.bensFunds()
        let typed = try rig.typed(["amount": "1"], by: eve)
        let entries = try rig.entries()
        for name in ["ada", "ben", "cora", "dot", "cy"] {
            let browser = try rig.browser(name)
            #expect(try browser.post("/funds", ["person": "ben"]).status == 403, "\(name)")
            #expect(try browser.post("\(funds)/receipt", typed).status == 403, "\(name)")
            let wish = ["key": "0123456789abcdef", "why": "Mine"]
            #expect(try browser.post("\(receipt)/correction", wish).status == 403, "\(name)")
        }
        #expect(try rig.entries() == entries)
    }

    @Test func `for someone without funds, or a receipt that is not, nothing is there`() throws {
        let rig = try Rig()
        let eve = try rig.browser("eve")
        let cy = try rig.person("cy")
        let paths = [
            "/funds/\(cy)", "/funds/\(cy)/receipt", "/funds/0000000000001", "/funds/x",
            "/receipts/0000000000001", "/receipts/0000000000001/correction",
        ]
        for path in paths { #expect(try eve.get(path).status == 404, "\(path)") }
        let typed = try rig.typed(by: eve)
        #expect(try eve.post("/funds/\(cy)/receipt", typed).status == 404)
    }

    @Test func `a person is found by the name they sign in with`() throws {
        let rig = try Rig()
        let eve = try rig.browser("eve")
        let funds = try rig.bensFunds()
        #expect(try eve.post("/funds", ["person": "ben"]).location == funds)
        #expect(try eve.post("/funds", ["person": "ben@example.org"]).location == funds)
        for name in ["", "nobody", "cy"] {
            let answer = try eve.post("/funds", ["person": name])
            #expect(answer.status == 422, "\(name)")
            #expect(answer.text.contains("id=\"person-error\""))
            #expect(answer.text.contains("value=\"\(name)\""))
        }
    }

    @Test func `nobody says alone that they paid in`() throws {
        let rig = try Rig()
        let ben = try rig.person("ben")
        try rig.database.write { try Hats.give(.admin, to: ben, by: nil, in: $0) }
        let eve = try rig.browser("eve")
        let receipt = try rig.recorded(by: eve)
        let funds = try rig.bensFunds()
        let browser = try rig.browser("ben")
        #expect(try browser.get(funds).words.contains("This is your own account."))
        #expect(try !browser.get(funds).text.contains("\(funds)/receipt"))
        #expect(try !browser.get(receipt).text.contains("\(receipt)/correction"))
        let entries = try rig.entries()
        #expect(try browser.get("\(funds)/receipt").status == 403)
        let typed = try rig.typed(["amount": "9"], by: eve)
        #expect(try browser.post("\(funds)/receipt", typed).status == 403)
        let wish = ["key": "0123456789abcdef", "why": "Mine"]
        #expect(try browser.post("\(receipt)/correction", wish).status == 403)
        #expect(try rig.entries() == entries)
    }

    @Test func `everyone who gets support is listed, a page at a time`() throws {
        let rig = try Rig()
        for number in 10..<40 { try rig.receiver("r\(number)") }
        try rig.community.runner.runDue()
        let eve = try rig.browser("eve")
        let first = try eve.get("/funds").text
        let next = try #require(first.firstMatch(of: /href="(\/funds\?after=[0-9a-z]{13})"/)).1
        let second = try eve.get(String(next)).text
        #expect(!second.contains("href=\"/funds?after="))
        let people = [first, second].flatMap { page in
            page.matches(of: /<a href="\/funds\/[0-9a-z]{13}">([^<]+)</).map { String($0.1) }
        }
        #expect(people == ["Ben Okafor"] + (10..<40).map { "Number r\($0)" })
    }

    @Test func `in a fresh community a program can pay in for someone new`() throws {
        let rig = try Rig(serving: TestStore.fresh(time: StandingClock(Rig.start).source))
        _ = try rig.joined("freddie")
        _ = try rig.joined("grace")
        for (name, hat) in [("freddie", "admin"), ("grace", "getting-support")] {
            _ = try rig.community.answer(
                Control.Question(command: "hat", words: ["give"], name: name, hat: hat)
            )
        }
        try rig.community.runner.runDue()
        let client = try RestClient(rig, "freddie", .ledger)
        let accounts = try client.get("/api/ledger/accounts").json["accounts"]?.items ?? []
        let grace = try rig.person("grace")
        let bank = try #require(accounts.first { $0["kind"]?.string == "bank" }?["id"]?.string)
        let own = accounts.first { $0["owner"]?.string == grace.description }
        #expect(own?["kind"]?.string == "funds")
        let funds = try #require(own?["id"]?.string)
        let body = """
            {"kind":"top-up","legs":[{"account":"\(bank)","amount":-5000,"currency":"GBP"},
            {"account":"\(funds)","amount":5000,"currency":"GBP"}]}
            """
        #expect(try client.post(body, key: "first").status == 201)
        let freddie = try rig.browser()
        _ = try freddie.post("/sign-in", ["name": "freddie", "password": "gate-lamp-77"])
        #expect(try freddie.get("/funds/\(grace)").words.contains("Paid in £50.00 £50.00"))
    }
}

extension Rig {
    func person(_ name: String) throws -> Person.ID {
        let id = try database.read { data in
            try community.identity.records.find(named: name, in: data)
        }
        return try #require(id)
    }

    /// Someone who gets support, and whom the tests need for nothing else.
    func receiver(_ name: String) throws {
        try database.write { change in
            let id = try Registration.register(
                Registration.NewPerson(
                    preferredName: "Number",
                    familyName: name,
                    username: name,
                    email: "\(name)@example.org",
                    passwordHash: "none",
                    language: "en-GB"
                ),
                with: community.identity.records,
                in: change
            )
            try Hats.give(.gettingSupport, to: id, by: nil, in: change)
        }
    }
}
