import Basics
import Events
import Store
import Testing

@testable import App

/// A forgotten password (AUT-02, J3).
@Suite struct PasswordResetTests {
    private let fields = ["password": "garden-gate-5", "again": "garden-gate-5"]

    @Test func `a link by letter gives a new password, once, and ends every other session`()
        throws
    {
        let rig = try Rig()
        let elsewhere = try rig.browser("ben")
        #expect(try elsewhere.get("/week").status == 200)
        let ben = try rig.browser()
        #expect(try ben.get("/sign-in").text.contains("href=\"/password-reset\""))
        #expect(
            try ben.post("/password-reset", ["name": "ben"]).location == "/password-reset/sent"
        )
        let link = try rig.letterLink("/password-reset/")
        #expect(try ben.get(link).status == 200)
        let differing = ["password": "garden-gate-5", "again": "garden-gate-6"]
        #expect(try ben.post(link, differing).status == 422)
        #expect(try ben.post(link, ["password": "short", "again": "short"]).status == 422)
        #expect(try elsewhere.get("/week").status == 200)

        #expect(try ben.post(link, fields).location == "/")
        #expect(try ben.get("/week").status == 200)
        #expect(try elsewhere.get("/week").status == 303)
        let other = try rig.browser()
        #expect(try other.post(link, fields).location == "/password-reset")
        #expect(try other.get(link).location == "/password-reset")
        let old = try other.post(
            "/sign-in",
            ["name": "ben", "password": Demonstration.password]
        )
        #expect(old.status == 422)
        let new = try other.post("/sign-in", ["name": "ben", "password": "garden-gate-5"])
        #expect(new.status == 303)
        let eve = try rig.browser("eve").get("/audit").text
        #expect(eve.contains("Chose a new password"))
    }

    @Test func `whoever has a new password by a link hears of it by letter, once`() throws {
        let rig = try Rig()
        let ben = try rig.browser()
        func letters() throws -> Int {
            try rig.community.runner.runDue()
            return try ben.get("/demonstration/mail").text
                .matches(of: /Your password was changed/).count
        }
        _ = try ben.post("/password-reset", ["name": "ben"])
        let link = try rig.letterLink("/password-reset/")
        #expect(try letters() == 0)
        #expect(try ben.post(link, fields).status == 303)
        #expect(try letters() == 1)
        #expect(try ben.post(link, fields).location == "/password-reset")
        #expect(try letters() == 1)
    }

    @Test func `nobody learns whether there is an account of that name`() throws {
        let rig = try Rig()
        let here = try rig.browser()
        let known = try here.post("/password-reset", ["name": "ben"])
        let unknown = try here.post("/password-reset", ["name": "nobody-here"])
        #expect(known.status == unknown.status)
        #expect(known.location == unknown.location)
        #expect(known.headers.map(\.0) == unknown.headers.map(\.0))
        // The slowing is the same for both too.
        for name in ["ben", "nobody-here"] {
            var answers: [Int] = []
            for _ in 0..<8 {
                answers.append(try here.post("/password-reset", ["name": name]).status)
            }
            #expect(answers == [303, 303, 303, 303, 429, 429, 429, 429], "\(name)")
        }
        #expect(try rig.count("identity_password_reset") == 1)
        #expect(try here.post("/password-reset", ["name": ""]).status == 422)
    }

    @Test func `a link is too old after five minutes, and a made-up one was never good`() throws {
        let rig = try Rig()
        let ben = try rig.browser()
        _ = try ben.post("/password-reset", ["name": "ben@example.org"])
        let link = try rig.letterLink("/password-reset/")
        #expect(try ben.post(link + "x", fields).location == "/password-reset")
        rig.clock.advance(seconds: 5 * 60)
        #expect(try ben.post(link, fields).location == "/password-reset")
    }
}
