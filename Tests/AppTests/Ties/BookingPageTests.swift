import Basics
import Events
import Foundation
import Store
import Testing

@testable import App

/// Making and moving visits, as people do it.
@Suite struct BookingPageTests {
    private let rig: Rig
    private let ben: Browser

    init() throws {
        rig = try Rig()
        ben = try rig.browser("ben")
    }

    private func form(_ changes: [String: String] = [:]) throws -> [String: String] {
        let page = try ben.get("/bookings/new").text
        let with = try #require(page.firstMatch(of: /name="with" value="([^"]+)"/)).1
        let fields = [
            "with": String(with), "title": "Lunch", "day": "2026-11-25", "start": "12:00",
            "end": "13:00", "place": "At home", "key": "0123456789abcdef",
        ]
        return fields.merging(changes) { $1 }
    }

    private func first() throws -> String {
        try rig.path(/"(\/bookings\/[0-9a-z]{13})"/, on: "/week", as: "ben")
    }

    private func notices() throws -> Int {
        try rig.community.runner.runDue()
        return try rig.database.read { data in
            try data.value("SELECT count(*) FROM channels_notice") ?? 0
        }
    }

    @Test func `the button pressed twice books once, and says so`() throws {
        let made = try ben.post("/bookings", try form())
        #expect(made.status == 303)
        #expect(try ben.post("/bookings", try form()).location == made.location)
    }

    @Test(arguments: [
        ("title", "Supper"), ("place", "In town"), ("day", "2026-11-26"), ("end", "14:00"),
    ])
    func `the form sent again with something else is refused`(field: String, value: String) throws {
        let made = try ben.post("/bookings", try form())
        let again = try ben.post("/bookings", try form([field: value]))
        #expect(again.status == 409)
        #expect(again.text.contains("This form was sent before"))
        let page = try ben.get(try #require(made.location)).text
        #expect(page.contains("Lunch") && page.contains("12:00 to 13:00"))
    }

    @Test func `a move that changes nothing tells nobody`() throws {
        let path = try first()
        let before = try notices()
        let same = ["day": "2026-11-21", "start": "18:00", "end": "19:00"]
        #expect(try ben.post("\(path)/moving", same).status == 303)
        #expect(try ben.get(path).text.contains("nobody was told"))
        #expect(try notices() == before)
        let later = ["day": "2026-11-21", "start": "18:30", "end": "19:30"]
        #expect(try ben.post("\(path)/moving", later).status == 303)
        #expect(try ben.get(path).text.contains("The visit has a new time"))
        #expect(try notices() == before + 1)
    }

    @Test(arguments: [("2026-11-20", "18:00", "19:00"), ("2026-11-21", "9:00", "9:30")])
    func `a visit is not moved to a time that is gone`(
        day: String,
        start: String,
        end: String
    ) throws {
        let path = try first()
        let answer = try ben.post("\(path)/moving", ["day": day, "start": start, "end": end])
        #expect(answer.status == 422)
        #expect(answer.text.contains("Choose a time that is still to come"))
    }

    @Test func `a visit is booked, then on, then over`() throws {
        let path = try first()
        #expect(try ben.get(path).text.contains(">Booked<"))
        #expect(try !ben.get("/week").text.contains(">On now<"))
        rig.clock.advance(seconds: Int64(8.5 * 3600))
        // A session does not last so long.
        for page in [path, "/week"] {
            #expect(try rig.browser("ben").get(page).text.contains(">On now<"), "\(page)")
        }
        rig.clock.advance(seconds: 3600)
        // Nothing has run yet: the page goes by the clock.
        #expect(try rig.browser("ben").get(path).text.contains("The time for it is over"))
    }

    @Test func `a visit of the past is written down, not booked`() throws {
        let past = ["day": "2026-11-20", "start": "9:00", "end": "10:00"]
        let made = try ben.post("/bookings", try form(past))
        let page = try ben.get(try #require(made.location)).text
        #expect(page.contains("The visit is written down."))
        #expect(page.contains("has not said yet"))
    }
}
