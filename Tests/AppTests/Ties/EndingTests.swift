import Basics
import Events
import Foundation
import Testing

@testable import App

/// What ends with a relationship, and what stays.
@Suite struct EndingTests {
    private let rig: Rig

    init() throws {
        rig = try Rig()
    }

    /// Ben ends with Ada.
    private func end() throws -> Browser {
        let ben = try rig.browser("ben")
        let path = try rig.path(/"(\/relationships\/[0-9a-z]{13}\/ending)"/, on: "/team", as: "ben")
        #expect(try ben.post(path, [:]).status == 303)
        try rig.community.runner.runDue()
        return ben
    }

    private func coming(_ browser: Browser) throws -> [String] {
        try browser.get("/week").text.matches(of: /href="(\/bookings\/[0-9a-z]{13})"/)
            .map { String($0.1) }
    }

    @Test func `the page says how many visits are cancelled, and the week is empty after it`()
        throws
    {
        let before = try coming(try rig.browser("ben"))
        #expect(!before.isEmpty)
        let path = try rig.path(/"(\/relationships\/[0-9a-z]{13}\/ending)"/, on: "/team", as: "ben")
        let page = try rig.browser("ben").get(path).text
        #expect(page.contains("\(before.count) visits that have not begun will be cancelled."))
        let ben = try end()
        #expect(try coming(ben).isEmpty)
        #expect(try coming(try rig.browser("cora")).isEmpty)
        for path in before {
            let visit = try ben.get(path)
            #expect(visit.status == 200)
            #expect(visit.text.contains("Cancelled") && visit.text.contains("Ada Whitaker"))
        }
    }

    @Test func `everyone's first page opens, and so does all it leads to`() throws {
        _ = try end()
        let ada = try rig.browser("ada")
        let today = try ada.get("/today")
        #expect(today.status == 200)
        #expect(!today.text.contains("Evening visit"))
        for name in ["ada", "ben", "cora", "dot", "eve"] {
            let browser = try rig.browser(name)
            for path in try rig.links(for: browser) {
                #expect([200, 303].contains(try browser.get(path).status), "\(name) at \(path)")
            }
        }
    }

    @Test func `both are told, the other of each visit as well`() throws {
        let ben = try end()
        let told = try rig.browser("ada").get("/notices").text
        #expect(told.contains("Ben has ended what you two had agreed"))
        #expect(told.contains("A visit with Ben is cancelled"))
        #expect(try ben.get("/notices").text.contains("You ended what you and Ada had agreed"))
        let path = try #require(told.firstMatch(of: /href="(\/relationships\/[0-9a-z]{13})"/)).1
        #expect(try rig.browser("ada").get(String(path)).location == "/people")
        #expect(try ben.get(String(path)).location == "/team")
        #expect(try rig.browser("cy").get(String(path)).status == 404)
    }

    @Test func `past visits stay open to the two who had them and to who arranges`() throws {
        let log = try rig.path(/\/care-logs\/([0-9a-z]{13})\//, on: "/week", as: "ben")
        let ben = try end()
        for (name, browser) in [
            ("ada", try rig.browser("ada")), ("ben", ben), ("cora", try rig.browser("cora")),
        ] {
            let page = try browser.get("/care-logs/\(log)")
            #expect(page.status == 200, "\(name)")
            #expect(page.text.contains("Ada Whitaker") && page.text.contains("Ben Okafor"))
            #expect(page.text.contains("allotment") == (name != "cora"), "\(name)")
        }
        #expect(try ben.get("/record").text.contains("because you had visits together before"))
        for name in ["dot", "eve", "cy"] {
            #expect(try rig.browser(name).get("/care-logs/\(log)").status == 404)
        }
    }

    @Test func `nothing new can be booked, moved or cancelled`() throws {
        let ada = try rig.browser("ada")
        let booking = try rig.path(/"(\/bookings\/[0-9a-z]{13})"/, on: "/week", as: "ben")
        _ = try end()
        let times = ["day": "2026-11-30", "start": "9:00", "end": "10:00"]
        #expect(try ada.post("\(booking)/moving", times).status == 409)
        #expect(try ada.post("\(booking)/cancellation", [:]).status == 409)
        #expect(try ada.get("/bookings/new").text.contains("To book a visit you first need"))
    }

    @Test func `a visit that has begun runs on, and nobody changes it any more`() throws {
        let booking = try rig.path(/"(\/bookings\/[0-9a-z]{13})"/, on: "/week", as: "ben")
        // Half past six: the evening visit has begun.
        rig.clock.advance(seconds: Int64(8.5 * 3600))
        _ = try end()
        let ada = try rig.browser("ada")
        let page = try ada.get(booking).text
        #expect(page.contains("On now"))
        #expect(!page.contains("Move it"))
        for form in ["moving", "cancellation"] {
            let path = "\(booking)/\(form)"
            let times = ["day": "2026-11-21", "start": "18:00", "end": "20:00"]
            #expect(try ada.get(path).status == 409)
            let answer = try ada.post(path, times)
            #expect(answer.status == 409)
            #expect(answer.text.contains("no longer have visits together"))
        }
    }

    @Test func `it ends once`() throws {
        let path = try rig.path(/"(\/relationships\/[0-9a-z]{13}\/ending)"/, on: "/team", as: "ben")
        let ben = try end()
        #expect(try ben.get(path).status == 409)
        #expect(try ben.post(path, [:]).status == 409)
    }
}
