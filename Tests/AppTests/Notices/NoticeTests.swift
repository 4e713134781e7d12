import Basics
import Events
import Store
import Testing

@testable import App

/// Notices say what happened, with whom, from when to when, and who did it.
@Suite struct NoticeTests {
    @Test func `of the demonstration's weeks, each is dated when it could be known`() throws {
        let rig = try Rig()
        let ada = try rig.browser("ada").get("/notices").text
        // Paid on the Thursday itself, in the afternoon.
        let lines = ada.split(separator: "<li>")
        let paid = try #require(lines.first { $0.contains("for your visit with Ben") })
        #expect(paid.contains("Thursday 12 November, 16:"))
        #expect(paid.contains("You were paid £20.00"))
        let ben = try rig.browser("ben").get("/notices").text
        let waiting = ben.split(separator: "<li>").filter { $0.contains("waiting for you") }
        #expect(waiting.count == 1)
        #expect(waiting.first?.contains("Thursday 19 November, 10:20") == true)
        #expect(waiting.first?.contains("Thursday 19 November, 9:00 to 10:15") == true)
    }

    @Test func `what was answered no longer waits`() throws {
        let rig = try Rig()
        let ben = try rig.browser("ben")
        let log = try rig.path(/\/care-logs\/([0-9a-z]{13})\//, on: "/week", as: "ben")
        let page = try ben.get("/care-logs/\(log)/confirmation").text
        let version = try #require(page.firstMatch(of: /name="version" value="([0-9]+)"/)).1
        let answer = try ben.post("/care-logs/\(log)/confirmation", ["version": String(version)])
        #expect(answer.status == 303)
        let notices = try ben.get("/notices").text
        #expect(!notices.contains("waiting for you"))
        #expect(notices.contains("You were asked about your visit with Ada, and answered"))
    }

    @Test func `a move under a grant says from when to when, and who did it for whom`() throws {
        let rig = try Rig()
        let dot = try rig.browser("dot")
        let ben = try rig.browser("ben")
        _ = try dot.post("/helping", ["name": "ben", "minutes": "30"])
        try rig.community.runner.runDue()
        #expect(try ben.get("/notices").text.contains("Dot asks to help you"))
        let grant = try rig.path(/\/grants\/([0-9a-z]{13})\/decision/, on: "/grants", as: "ben")
        _ = try ben.post("/grants/\(grant)/decision", ["decision": "allow"])
        #expect(try ben.get("/notices").text.contains("You have answered"))
        let list = try dot.get("/helping/\(grant)/bookings").text
        let path = try #require(list.matches(of: /href="(\/helping[^"]+\/moving)"/).last).1
        let form = try dot.get(String(path)).text
        let day = try #require(form.firstMatch(of: /name="day" value="([^"]+)"/)).1
        let moved = try dot.post(
            String(path),
            ["day": String(day), "start": "15:15", "end": "17:45"]
        )
        #expect(moved.status == 303, "\(moved.text)")
        try rig.community.runner.runDue()
        let told = try ben.get("/notices").text
        #expect(told.contains("15:15 to 17:45. It was "))
        #expect(told.contains("Dot did this for you, as you allowed."))
        let ada = try rig.browser("ada").get("/notices").text
        #expect(ada.contains("Someone did this for Ben, who had asked for help."))
        #expect(!ada.contains("Dot"))
    }

    @Test func `whoever arranged it is named`() throws {
        let rig = try Rig()
        let ada = try rig.browser("ada").get("/notices").text
        #expect(ada.contains("A visit with Ben is booked: Thursday 26 November, 14:00 to 16:00"))
        #expect(ada.contains("It was Cora who did this."))
    }
}
