import Store
import Testing

@testable import App

/// Writing down a visit, through the pages.
@Suite struct LoggingPageTests {
    private func times(_ start: String, _ end: String, note: String = "") -> [String: String] {
        ["start": start, "end": end, "note": note, "version": "1"]
    }

    @Test func `a visit that has not begun is not logged`() throws {
        let rig = try Rig()
        let evening = try rig.evening()
        let ada = try rig.browser("ada")
        let answer = try ada.post("\(evening)/care-log", times("6:00", "7:00"))
        #expect(answer.status == 409)
        #expect(try ada.get("\(evening)/care-log").location == evening)
        #expect(try ada.get(evening).words.contains("This visit has not begun yet"))
    }

    @Test func `a visit that was logged is neither moved nor cancelled`() throws {
        let rig = try Rig()
        let evening = try rig.evening()
        try rig.wait(minutes: 8 * 60 + 10)
        let logged = try rig.browser("ada").post("\(evening)/care-log", times("18:00", "18:20"))
        #expect(logged.status == 303)
        let ben = try rig.browser("ben")
        #expect(try ben.post("\(evening)/cancellation", [:]).status == 409)
        let slot = ["day": "2026-11-24", "start": "9:00", "end": "10:00"]
        #expect(try ben.post("\(evening)/moving", slot).status == 409)
        #expect(try !ben.get("/week").text.contains("href=\"\(evening)\""))
        // Its time comes, and no second log is opened.
        try rig.wait(minutes: 60)
        #expect(try rig.log(of: evening) == logged.location)
    }

    @Test func `a booking leads to how it went, for both, and is not logged again`() throws {
        let rig = try Rig()
        let booking = try rig.evening()
        let log = try rig.eveningOver()
        let ada = try rig.browser("ada")
        #expect(try ada.post("\(booking)/care-log", times("18:00", "19:00")).status == 303)
        #expect(try rig.browser("ben").post("\(log)/confirmation", ["version": "2"]).status == 303)
        for name in ["ada", "ben", "cora"] {
            let browser = try rig.browser(name)
            let page = try browser.get(booking).words
            #expect(page.contains("How it went"))
            #expect(!page.contains("Log this visit"))
            #expect(try browser.get("\(booking)/care-log").location == log)
        }
    }

    @Test func `an hour that the clocks leave out has no end before its start`() throws {
        let rig = try Rig()
        let booked = try rig.browser("ben").book("2027-03-28", "0:30", "3:00")
        #expect(booked.status == 303)
        let booking = try #require(booked.location)
        // To Sunday 28 March 2027, 5:00; from 1:00 on the clocks said 2:00.
        try rig.wait(minutes: (127 * 24 - 6) * 60)
        let ada = try rig.browser("ada")
        let answer = try ada.post("\(booking)/care-log", times("1:30", "2:15"))
        #expect(answer.status == 422)
        #expect(answer.words.contains("The end must be after the start"))
        let log = try rig.log(of: booking)
        let ben = try rig.browser("ben")
        #expect(try ben.post("\(log)/adjustment", times("1:30", "2:15")).status == 422)
    }

    @Test func `a note that is put right is kept, and the same form twice is one`() throws {
        let rig = try Rig()
        let booking = try rig.evening()
        let log = try rig.eveningOver()
        let ada = try rig.browser("ada")
        for note in ["Cheerfull.", "Cheerful.", "Cheerful."] {
            let answer = try ada.post("\(booking)/care-log", times("18:00", "19:00", note: note))
            #expect(answer.location == log)
        }
        let page = try ada.get(log)
        #expect(page.words.contains("Cheerful."))
        #expect(!page.words.contains("Cheerfull."))
        // The form shows what was written, to be changed again.
        #expect(page.words.contains("Change what you wrote"))
        #expect(try ada.get("\(booking)/care-log").words.contains("Cheerful."))
        let versions = try rig.database.read { data in
            try data.value("SELECT max(version) FROM transactions_care_log") ?? 0
        }
        #expect(versions == 3)
    }

    @Test func `what was typed is kept when the other has changed the log meanwhile`() throws {
        let rig = try Rig()
        let booking = try rig.evening()
        let log = try rig.eveningOver()
        let change = ["start": "18:00", "end": "18:45", "version": "1"]
        #expect(try rig.browser("ben").post("\(log)/adjustment", change).status == 303)
        let ada = try rig.browser("ada")
        let late = try ada.post("\(booking)/care-log", times("18:00", "19:00", note: "Merry."))
        #expect(late.status == 409)
        #expect(late.words.contains("It now says 18:00 to 18:45"))
        #expect(late.words.contains("Merry."))
        #expect(late.text.contains("name=\"version\" value=\"2\""))
    }
}

extension Browser {
    /// Books a visit with the first person there is to choose.
    func book(_ day: String, _ start: String, _ end: String) throws -> PageAnswer {
        let form = try get("/bookings/new").text
        let with = try #require(form.firstMatch(of: /name="with"[^>]*value="([^"]+)"/)?.1)
        let key = try #require(form.firstMatch(of: /name="key" value="([^"]+)"/)?.1)
        return try post(
            "/bookings",
            [
                "with": String(with), "key": String(key), "title": "Visit", "place": "At home",
                "day": day, "start": start, "end": end,
            ]
        )
    }
}
