import Basics
import Events
import Foundation
import Testing

@testable import App

/// Helping someone under a grant, from the ask to the end.
@Suite struct GuidanceTests {
    private let rig: Rig
    private let dot: Browser
    private let ben: Browser

    init() throws {
        rig = try Rig()
        dot = try rig.browser("dot")
        ben = try rig.browser("ben")
    }

    private func ask(_ name: String = "ben") throws -> PageAnswer {
        let answer = try dot.post("/helping", ["name": name, "minutes": "30"])
        try rig.community.runner.runDue()
        return answer
    }

    private func decide(_ decision: String, _ browser: Browser) throws {
        let page = try browser.get("/grants").text
        let path = try #require(page.firstMatch(of: /"(\/grants\/[0-9a-z]{13}\/decision)"/)).1
        #expect(try browser.post(String(path), ["decision": decision]).status == 303)
        try rig.community.runner.runDue()
    }

    /// Where Dot helps now.
    private func helped() throws -> String {
        try rig.path(/"(\/helping\/[0-9a-z]{13}\/bookings)"/, on: "/helping", as: "dot")
    }

    private func stopping(_ browser: Browser, on page: String) throws -> String {
        let text = try browser.get(page).text
        return String(
            try #require(text.firstMatch(of: /"(\/grants\/[0-9a-z]{13}\/stopping)"/)).1
        )
    }

    @Test func `asking tells nothing about the person, allowing tells their name`() throws {
        #expect(try ask().status == 303)
        #expect(try !dot.get("/helping").text.contains("Okafor"))
        #expect(try dot.get("/helping").text.contains("Someone you asked"))
        #expect(try ben.get("/notices").text.contains("Dot asks to help you"))
        try decide("allow", ben)
        #expect(try dot.get("/helping").text.contains("Help Ben Okafor now"))
    }

    @Test func `who asks hears the answer`() throws {
        _ = try ask()
        try decide("decline", ben)
        #expect(try dot.get("/notices").text.contains("Someone you asked said no to your help"))
        #expect(try dot.get("/helping").text.contains("They said no."))
        #expect(try ben.get("/grants").text.contains("You said no to this."))
        #expect(try !ben.get("/grants").text.contains("Nobody can act for you"))
        _ = try ask()
        try decide("allow", ben)
        #expect(try dot.get("/notices").text.contains("Ben lets you help"))
    }

    @Test func `a second ask waits for the first, which can be taken back`() throws {
        _ = try ask()
        let again = try ask()
        #expect(again.status == 422)
        #expect(again.text.contains("You have asked this person already"))
        let path = try stopping(dot, on: "/helping")
        // Ben has not allowed it, so there is nothing for him to stop.
        #expect(try ben.post(path, [:]).status == 409)
        #expect(try dot.post(path, [:]).status == 303)
        #expect(try dot.get("/helping").text.contains("You took this back."))
        let grants = try ben.get("/grants").text
        #expect(grants.contains("They took this back.") && !grants.contains("Let Dot"))
        #expect(try ask().status == 303)
        try decide("allow", ben)
        #expect(try ask().status == 422)
    }

    @Test func `when it is stopped or over, the helper is told so`() throws {
        _ = try ask()
        try decide("allow", ben)
        let place = try helped()
        #expect(try dot.get(place).status == 200)
        #expect(try ben.post(try stopping(ben, on: "/grants"), [:]).status == 303)
        try rig.community.runner.runDue()
        let stopped = try dot.get(place)
        #expect(stopped.status == 403)
        #expect(stopped.text.contains("has stopped this"))
        #expect(try dot.get("/notices").text.contains("Ben has stopped your help"))
        #expect(try rig.browser("cy").get(place).status == 404)

        _ = try ask()
        try decide("allow", ben)
        let second = try helped()
        rig.clock.advance(seconds: 31 * 60)
        let over = try dot.get(second)
        #expect(over.status == 403)
        #expect(over.text.contains("The time for this is over"))
    }

    @Test func `a grant reaches its giver's own visits, and nobody else's`() throws {
        // Cora arranges for Ben. What she allows is her own, and Ben was not asked.
        let cora = try rig.browser("cora")
        _ = try ask("cora")
        try decide("allow", cora)
        let place = try helped()
        let page = try dot.get(place)
        #expect(page.status == 200)
        #expect(page.text.contains("No visits are planned."))
        let booking = try rig.path(/"(\/bookings\/[0-9a-z]{13})"/, on: "/week", as: "ben")
        let times = ["day": "2026-11-30", "start": "9:00", "end": "10:00"]
        let moving = place.replacingOccurrences(of: "/bookings", with: booking) + "/moving"
        #expect(try dot.get(moving).status == 404)
        #expect(try dot.post(moving, times).status == 404)
    }
}
