import Basics
import Events
import Store
import TestSupport
import Testing

@testable import App

/// Asking to do something here, and being answered (J1, J7).
@Suite struct HatTests {
    @Test func `what a newcomer asks for reaches an administrator, and the answer comes back`()
        throws
    {
        let rig = try Rig()
        let freddie = try rig.joined("freddie")
        #expect(try freddie.get("/welcome").text.contains("Giving support"))
        let eve = try rig.browser("eve")
        let notices = try eve.get("/notices").text
        #expect(notices.contains("Freddie asks to do something here: Giving support"))
        let page = try eve.get("/hat-requests").text
        #expect(page.contains("2 requests wait for an answer."))
        let path = try rig.hatRequest("Freddie Holt", eve)
        let answer = try eve.post(path, ["hat": "giving-support", "decision": "give"])
        #expect(answer.location == "/hat-requests")
        try rig.community.runner.runDue()

        #expect(try eve.get(path).text.contains("Nothing of theirs waits for an answer."))
        #expect(try eve.get("/notices").text.contains("Nothing waits any more"))
        #expect(try freddie.get("/").location == "/today")
        let told = try freddie.get("/notices").text
        #expect(told.contains("You can do this here now: Giving support"))
        let record = try freddie.get("/record").text
        #expect(record.contains("Let you do something here"))
        #expect(record.contains("because they decide who does what here"))
    }

    @Test func `a no needs a reason, which only the asker reads, and may be asked again`() throws {
        let rig = try Rig()
        let eve = try rig.browser("eve")
        let path = try rig.hatRequest("Cy Marsh", eve)
        let bare = try eve.post(path, ["hat": "giving-support", "decision": "decline"])
        #expect(bare.status == 422)
        #expect(bare.text.contains("Say why not, so that they know what to do next"))
        let reason = "We have not met yet. Ring us first."
        let said = try eve.post(
            path,
            ["hat": "giving-support", "decision": "decline", "reason-giving-support": reason]
        )
        #expect(said.location == "/hat-requests")
        #expect(try !rig.dump().contains("Ring us first"))
        try rig.community.runner.runDue()
        let again = try eve.post(path, ["hat": "giving-support", "decision": "give"])
        #expect(again.status == 409)

        let cy = try rig.browser("cy")
        #expect(try cy.get("/notices").text.contains("is no: Giving support. See why"))
        #expect(try cy.get("/hats").text.contains(reason))
        let asked = try cy.post("/hats/asking", ["hat": "giving-support"])
        #expect(asked.location == "/hats")
        #expect(try !cy.get("/hats").text.contains(reason))
        #expect(try eve.get("/hat-requests").text.contains("1 request waits for an answer."))
        #expect(
            try cy.post("/hats/withdrawal", ["hat": "giving-support"]).location == "/hats"
        )
        #expect(
            try cy.post("/hats/withdrawal", ["hat": "giving-support"]).status == 409
        )
        #expect(try eve.get("/hat-requests").text.contains("Nothing waits for an answer."))
    }

    @Test func `nobody puts a hat on themselves`() throws {
        let rig = try Rig()
        let cy = try rig.browser("cy")
        #expect(try cy.post("/hats/asking", ["hat": "admin"]).status == 404)
        let eve = try rig.browser("eve")
        let path = try rig.hatRequest("Cy Marsh", eve)
        #expect(
            try cy.post(path, ["hat": "giving-support", "decision": "give"]).status == 403
        )
        _ = try eve.post("/hats/asking", ["hat": "facilitator"])
        let own = try rig.hatRequest("Eve Lindqvist", eve)
        #expect(
            try eve.post(own, ["hat": "facilitator", "decision": "give"]).status == 403
        )
        #expect(try eve.get("/helping").status == 403)
    }

    @Test func `whoever runs the platform makes the first administrator`() throws {
        let rig = try Rig()
        let ask = { (name: String?, hat: String?) throws in
            try rig.community.answer(
                Control.Question(command: "hat", words: ["give"], name: name, hat: hat)
            )
        }
        #expect(try ask("cy", "admin") == ["cy now has: admin"])
        #expect(try ask("cy", "admin") == ["cy has it already: admin"])
        #expect(throws: Unusable.self) { try ask("nobody", "admin") }
        #expect(throws: Unusable.self) { try ask("cy", "king") }
        #expect(throws: Unusable.self) { try ask(nil, nil) }
        try rig.community.runner.runDue()
        let cy = try rig.browser("cy")
        #expect(try cy.get("/hat-requests").status == 200)
        #expect(try cy.get("/notices").text.contains("You can do this here now: Administrator"))
        let record = try cy.get("/record").text
        #expect(record.contains("as the people who run this community told it to"))
    }
}

extension Rig {
    /// Someone who joined, confirmed the letter's link and signed in.
    func joined(_ name: String) throws -> Browser {
        let browser = try joining(name, "HATSTAND")
        _ = try browser.post("/join/account", Rig.account(name))
        let link = try letterLink("/verification/")
        _ = try browser.post(link, [:])
        let answer = try browser.post("/sign-in", ["name": name, "password": "gate-lamp-77"])
        try #require(answer.status == 303)
        _ = try browser.get("/notices")
        return browser
    }

    /// The newest link of a kind that was sent to anyone.
    func letterLink(_ beginning: String) throws -> String {
        try community.runner.runDue()
        let page = try browser().get("/demonstration/mail").text
        let links = page.matches(of: /href="(\/[^"]+)"/).map { String($0.1) }
        return try #require(links.first { $0.hasPrefix(beginning) }, "\(page)")
    }

    func hatRequest(_ name: String, _ eve: Browser) throws -> String {
        let page = try eve.get("/hat-requests").text
        let line = page.matches(of: /href="(\/hat-requests\/[0-9a-z]{13})">([^<]+)</)
            .first { $0.2 == name }
        return String(try #require(line).1)
    }
}
