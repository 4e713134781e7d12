import Basics
import Events
import Foundation
import Store
import Testing

@testable import App

/// Asking someone by the username they told, up to the first visit.
@Suite struct AskingTests {
    private let rig: Rig
    private let cy: Browser
    private let ada: Browser

    init() throws {
        rig = try Rig()
        cy = try rig.browser("cy")
        ada = try rig.browser("ada")
    }

    private func ask(
        _ name: String,
        _ role: String = "gets-support",
        rate: String = ""
    ) throws -> PageAnswer {
        let fields = ["name": name, "role": role, "rate": rate]
        let answer = try cy.post("/relationships", fields)
        try rig.community.runner.runDue()
        return answer
    }

    private func found(_ pattern: Regex<(Substring, Substring)>, _ text: String) throws -> String {
        String(try #require(text.firstMatch(of: pattern)).1)
    }

    @Test func `one asks, the other accepts, and a visit is booked`() throws {
        #expect(try ask("ada", rate: "15.50").location == "/team")
        let waiting = try cy.get("/team").text
        #expect(waiting.contains("You asked “ada”") && waiting.contains("Waiting for an answer"))
        #expect(!waiting.contains("Whitaker"))
        #expect(try ada.get("/notices").text.contains("Cy asks to be connected with you here"))
        let page = try ada.get("/people").text
        #expect(page.contains("Cy Marsh"))
        #expect(page.contains("£15.50 an hour"))
        #expect(try ada.get("/record").text.contains("Asked to be connected with you"))
        let path = try found(/"(\/relationships\/[0-9a-z]{13}\/decision)"/, page)
        #expect(try ada.post(path, ["decision": "accept"]).location == "/people")
        try rig.community.runner.runDue()
        #expect(try cy.get("/notices").text.contains("Ada said yes to what you asked"))
        #expect(try cy.get("/team").text.contains("Ada Whitaker"))
        let with = try found(/name="with" value="([^"]+)"/, cy.get("/bookings/new").text)
        let booked = try cy.post(
            "/bookings",
            [
                "with": with, "title": "Lunch", "day": "2026-11-25", "start": "12:00",
                "end": "13:00", "place": "At home", "key": "0123456789abcdef",
            ]
        )
        #expect(try ada.get(try #require(booked.location)).text.contains("Lunch"))
    }

    @Test func `a name that nobody has looks just like one that somebody has`() throws {
        func size() throws -> Int64 {
            try rig.database.read {
                try $0.value("SELECT count(*) FROM identity_audit") ?? 0
            }
        }
        var pages: [String] = []
        var grown: [Int64] = []
        for name in ["ben", "zed"] {
            let before = try size()
            let answer = try ask(name)
            #expect(answer.status == 303 && answer.location == "/team")
            grown.append(try size() - before)
            #expect(try ask(name).status == 422, "asked twice")
            let page = try cy.get("/team").text
            let path = try found(/"(\/askings\/[0-9a-z]{13}\/withdrawal)"/, page)
            pages.append(
                page.replacing("“\(name)”", with: "")
                    .replacing(path, with: "")
                    .replacing(/name="token" value="[^"]+"/, with: "")
            )
            let kept = try size()
            #expect(try cy.post(path, [:]).location == "/team")
            grown.append(try size() - kept)
            #expect(try !cy.get("/team").text.contains("You asked"))
            #expect(try cy.post(path, [:]).status == 409)
            #expect(try ask(name).status == 422, "asked again in the same week")
        }
        #expect(pages[0] == pages[1])
        #expect(grown[0] == grown[2] && grown[1] == grown[3])
        #expect(try !rig.browser("ben").get("/team").text.contains("Cy Marsh"))
    }

    @Test func `a no is told, and tells no name`() throws {
        _ = try ask("ada", "gives-support")
        let path = try found(
            /"(\/relationships\/[0-9a-z]{13}\/decision)"/,
            ada.get("/team").text
        )
        #expect(try rig.browser("ben").post(path, ["decision": "accept"]).status == 404)
        #expect(try cy.post(path, ["decision": "accept"]).status == 404)
        // It is declined, not ended.
        let ending = path.replacingOccurrences(of: "decision", with: "ending")
        for browser in [ada, cy] { #expect(try browser.get(ending).status == 404) }
        #expect(try ada.post(path, ["decision": "decline"]).location == "/team")
        try rig.community.runner.runDue()
        let notices = try cy.get("/notices").text
        #expect(notices.contains("Someone you asked said no") && !notices.contains("Ada"))
        #expect(try ada.post(path, ["decision": "accept"]).status == 409)
    }

    @Test(arguments: [
        ("", "gets-support", "", "Type the username"),
        ("ada@example.org", "gets-support", "", "not their email address"),
        ("a d a", "gets-support", "", "letters and numbers"),
        ("ada", "", "", "Choose what you would like"),
        ("ada", "gets-support", "a lot", "It should look like 16 or 16.50"),
        ("ada", "gets-support", "-3", "It should look like 16 or 16.50"),
        ("ada", "gets-support", "0", "It should look like 16 or 16.50"),
        ("cy", "gets-support", "", "That is your own username"),
    ])
    func `what cannot be asked is refused beside its field`(
        name: String,
        role: String,
        rate: String,
        text: String
    ) throws {
        let answer = try ask(name, role, rate: rate)
        #expect(answer.status == 422)
        #expect(answer.text.contains(text))
    }

    @Test func `nobody asks many in a day`() throws {
        for number in 1...10 { #expect(try ask("nobody\(number)").status == 303) }
        #expect(try ask("nobody11").status == 429)
    }

    @Test func `what two have already is not asked again`() throws {
        let ben = try rig.browser("ben")
        let fields = ["name": "ada", "role": "gets-support"]
        let answer = try ben.post("/relationships", fields)
        #expect(answer.status == 422)
        #expect(answer.text.contains("You two have this already"))
        let other = try ben.post("/relationships", ["name": "ada", "role": "arranges"])
        #expect(other.status == 303)
    }

    @Test func `only who asked takes it back`() throws {
        _ = try ask("ada")
        let path = try found(/"(\/askings\/[0-9a-z]{13}\/withdrawal)"/, cy.get("/team").text)
        #expect(try ada.post(path, [:]).status == 404)
        #expect(try ada.get("/people").text.contains("/decision"))
        #expect(try cy.post(path, [:]).status == 303)
        #expect(try !ada.get("/people").text.contains("/decision"))
    }
}
