import Store
import Testing

@testable import App

/// Agreeing on a visit, or saying how it was instead, through the pages.
@Suite struct ConfirmationPageTests {
    private let change = [
        "start": "9:00", "end": "9:45", "version": "2", "why": "The bus was late.",
    ]

    @Test func `an adjustment pressed twice is one`() throws {
        let rig = try Rig()
        let log = try rig.thursday()
        let ben = try rig.browser("ben")
        for _ in 0..<2 {
            let answer = try ben.post("\(log)/adjustment", change)
            #expect(answer.status == 303)
            #expect(answer.location == log)
        }
        #expect(try ben.get(log).words.matches(of: /9:00 to 10:15/).count == 1)
    }

    @Test func `what is adjusted to the same times is no yes`() throws {
        let rig = try Rig()
        let log = try rig.thursday()
        let ben = try rig.browser("ben")
        let same = ["start": "9:00", "end": "10:15", "version": "2"]
        let answer = try ben.post("\(log)/adjustment", same)
        #expect(answer.status == 422)
        #expect(answer.words.contains("It says these times already"))
        #expect(try ben.get("/week").text.contains("\(log)/confirmation"))
    }

    @Test func `the other is told what was changed, from when to when, and why`() throws {
        let rig = try Rig()
        let log = try rig.thursday()
        let ben = try rig.browser("ben")
        _ = try ben.post("\(log)/adjustment", change)
        #expect(try ben.get("/week").words.contains("waiting for Ada"))
        let page = try rig.browser("ada").get("\(log)/confirmation").words
        #expect(
            page.contains("Ben changed the time. It said 9:00 to 10:15. Now it says 9:00 to 9:45.")
        )
        #expect(page.contains("The bus was late."))
        #expect(page.contains("You were with Ben"))
        #expect(page.contains("£12.00, at £16.00 an hour"))
    }

    @Test func `why is sealed in the file`() throws {
        let rig = try Rig()
        let log = try rig.thursday()
        _ = try rig.browser("ben").post("\(log)/adjustment", change)
        let sealed = try rig.database.read { data in
            try data.all("SELECT why FROM transactions_care_log_version WHERE why IS NOT NULL") {
                row -> [UInt8] in try row[0]
            }
        }
        #expect(sealed.count == 1)
        #expect(!String(decoding: sealed.first ?? [], as: UTF8.self).contains("bus"))
    }

    @Test func `a visit that did not happen costs nothing when both say so`() throws {
        let rig = try Rig()
        let log = try rig.eveningOver()
        let ben = try rig.browser("ben")
        let before = try rig.entries()
        #expect(try ben.get("\(log)/confirmation").words.contains("It did not happen"))
        let said = try ben.post(
            "\(log)/adjustment",
            ["happened": "no", "version": "1", "missed-why": "Ada was ill."]
        )
        #expect(said.location == log)
        let ada = try rig.browser("ada")
        let page = try ada.get("\(log)/confirmation").words
        #expect(page.contains("Ben says that the visit on Saturday 21 November did not happen."))
        #expect(page.contains("Ada was ill."))
        #expect(!page.contains("£16.00"))
        #expect(try ada.post("\(log)/confirmation", ["version": "2"]).status == 303)
        #expect(try ada.get(log).words.contains("There is nothing to pay"))
        #expect(try rig.entries() == before)
    }

    @Test func `who does not agree that it did not happen says how it was`() throws {
        let rig = try Rig()
        let log = try rig.eveningOver()
        let missed = ["happened": "no", "version": "1"]
        #expect(try rig.browser("ben").post("\(log)/adjustment", missed).status == 303)
        let ada = try rig.browser("ada")
        // Saying the same is no yes either.
        #expect(
            try ada.post("\(log)/adjustment", ["happened": "no", "version": "2"]).status == 422
        )
        let times = ["start": "18:00", "end": "19:00", "version": "2"]
        #expect(try ada.post("\(log)/adjustment", times).status == 303)
        let page = try rig.browser("ben").get("\(log)/confirmation").words
        #expect(
            page.contains("It said before that this visit did not happen. Ada says that it did.")
        )
        #expect(page.contains("£16.00, at £16.00 an hour"))
    }

    @Test func `what nobody has spoken of is not said to have been`() throws {
        let rig = try Rig()
        let log = try rig.eveningOver()
        let ben = try rig.browser("ben")
        let week = try ben.get("/week").words
        #expect(week.contains("18:00 to 19:00. Ada has not said yet how it was."))
        let page = try ben.get("\(log)/confirmation").words
        #expect(page.contains("Ada has not said yet how it was. Did it happen like that?"))
        #expect(!page.contains("Ada was with you"))
    }

    @Test func `a page that is out of date leads to the visit as it is now`() throws {
        let rig = try Rig()
        let log = try rig.thursday()
        let ada = try rig.browser("ada")
        let shorter = ["start": "9:00", "end": "9:30", "version": "2"]
        #expect(try ada.post("\(log)/adjustment", shorter).status == 303)
        let ben = try rig.browser("ben")
        let answer = try ben.post("\(log)/confirmation", ["version": "2"])
        #expect(answer.status == 409)
        #expect(answer.words.contains("Your answer was not kept"))
        #expect(answer.words.contains("9:00 to 9:30"))
        #expect(answer.text.contains("href=\"\(log)/confirmation\""))
    }

    @Test func `who arranges leaves a trace by seeing what waits`() throws {
        let rig = try Rig()
        let evening = try rig.evening()
        let ben = try rig.browser("ben")
        // Nothing that is still to come is left to leave the trace instead.
        var text = try ben.get("/week").text
        while let coming = text.firstMatch(of: /href="(\/bookings\/[0-9a-z]{13})"/)?.1 {
            // One that is refused would be on the page for ever.
            try #require(try ben.post("\(coming)/cancellation", [:]).status == 303)
            text = try ben.get("/week").text
        }
        #expect(try ben.get(evening).words.contains("Cancelled"))
        let cora = try rig.browser("cora")
        let before = try rig.traces()
        #expect(try cora.get("/week").words.contains("Ada was there"))
        #expect(try rig.traces() > before)
    }
}
