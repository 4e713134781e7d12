import Basics
import Foundation
import Store
import Testing

@testable import App

/// Reading the audit, and what that reading leaves behind.
@Suite struct AuditPageTests {
    @Test func `whoever reads one person's history leaves a line that says so`() throws {
        let rig = try Rig()
        let eve = try rig.browser("eve")
        let found = try eve.post("/audit", ["person": "ben"])
        let path = try #require(found.location)
        #expect(try eve.get(path).text.contains("Only what concerns Ben Okafor"))
        let record = try rig.browser("ben").get("/record").text
        #expect(record.contains("Eve Lindqvist"))
        #expect(record.contains("Read what was done and looked at here"))
    }

    @Test func `reading the audit of all adds one line, which everyone finds in their list`() throws
    {
        let rig = try Rig()
        let eve = try rig.browser("eve")
        let before = try rig.traces()
        let page = try eve.get("/audit").text
        #expect(page.contains("Ben Okafor") && page.contains("Ada Whitaker"))
        #expect(try rig.traces() == before + 1)
        for name in ["ada", "ben", "cora", "dot", "cy"] {
            let record = try rig.browser(name).get("/record").text
            #expect(record.contains("Eve Lindqvist"), "\(name)")
            #expect(record.contains("Read what was done and looked at here"), "\(name)")
        }
    }

    @Test func `equal lines of a day are told once, with how often and when`() throws {
        let rig = try Rig()
        let eve = try rig.browser("eve")
        for _ in 0..<4 {
            _ = try eve.get("/audit")
            rig.clock.advance(seconds: 60)
        }
        let record = try rig.browser("ben").get("/record").text
        #expect(record.matches(of: /Read what was done and looked at here/).count == 1)
        #expect(record.contains("4 times, and when"))
        #expect(record.contains("10:03, 10:02, 10:01, 10:00"))
        let audit = try eve.get("/audit").text
        #expect(audit.contains("4 times, and when"))
    }

    @Test(arguments: [
        ("person=ben", "There is nobody of that name here"),
        ("from=xx", "Check the date. It should look like 23/11/2026"),
        ("kind=secrets", "There is no such kind. Choose one from the list"),
        ("from=2026-11-20&until=2026-11-19", "The last day must not be before the first"),
    ])
    func `a filter that cannot be understood is never left out`(
        query: String,
        words: String
    ) throws {
        let rig = try Rig()
        let eve = try rig.browser("eve")
        let before = try rig.traces()
        let answer = try eve.get("/audit?\(query)")
        #expect(answer.status == 422)
        #expect(
            answer.text.matches(of: try Regex(NSRegularExpression.escapedPattern(for: words)))
                .count == 2
        )
        #expect(!answer.text.contains("Nothing matches"))
        #expect(!answer.text.contains("Ben Okafor"))
        #expect(try rig.traces() == before)
    }

    @Test func `dates the wrong way round are told beside the field`() throws {
        let eve = try Rig().browser("eve")
        let answer = try eve.post("/audit", ["from": "2026-11-20", "until": "2026-11-19"])
        #expect(answer.status == 422)
        #expect(answer.text.contains("id=\"until-error\""))
    }

    @Test func `the record gives true reasons, in words`() throws {
        let rig = try Rig()
        let stranger = try rig.browser()
        _ = try stranger.post("/sign-in", ["name": "ben", "password": "wrong-password-1"])
        let record = try rig.browser("ben").get("/record").text
        #expect(record.contains("Someone not signed in"))
        #expect(record.contains("Tried to sign in as you, and failed, noted so that you know."))
        #expect(record.contains("because they make the payments here"))
        #expect(record.contains("Ben Okafor: the list as it stood on Saturday 21 November 2026"))
        let older = try rig.wholeRecord("ben")
        let paidIn = "Recorded money that came in for you, because they keep the accounts here."
        #expect(older.contains(paidIn))
        #expect(older.contains("Said yes to being connected with you, because they were asked."))
        #expect(!older.contains("because it was time"))
    }

    @Test func `the audit speaks to an administrator of others, and each name leads on`() throws {
        let rig = try Rig()
        let page = try rig.browser("eve").get("/audit").text
        #expect(!page.contains("your"), "said to Eve of others")
        #expect(page.contains("href=\"/audit?person="))
        #expect(page.contains("Wrote the log of a visit"))
        #expect(!page.contains("Logged: "))
    }

    @Test func `the check says what its count is made of`() throws {
        let rig = try Rig()
        let ben = try rig.browser("ben")
        let text = try ben.get("/record/check").text
        #expect(text.contains("of them tell of things you did yourself"))
    }
}

extension Rig {
    /// All pages of someone's record, one after another.
    func wholeRecord(_ name: String) throws -> String {
        let browser = try browser(name)
        var text = ""
        var path: String? = "/record"
        while let here = path {
            let page = try browser.get(here).text
            text += page
            path = page.firstMatch(of: /href="(\/record\?before=[0-9]+)"/).map { String($0.1) }
        }
        return text
    }
}
