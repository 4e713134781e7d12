import Basics
import Events
import Foundation
import Store
import Testing

@testable import App

/// What the tests of visits do again and again.
extension Rig {
    /// Moves the clock on and does what has become due.
    func wait(minutes: Int64) throws {
        clock.advance(seconds: minutes * 60)
        try community.runner.runDue()
    }

    /// The visit of the evening, 18:00 to 19:00, which is still to come at 10:00.
    func evening() throws -> String {
        try path(/(\/bookings\/[0-9a-z]{13})"/, on: "/week", as: "ben")
    }

    /// Thursday's visit, 9:00 to 10:15, which Ada has logged, as its second version, and Ben
    /// has not answered.
    func thursday() throws -> String {
        try path(/(\/care-logs\/[0-9a-z]{13})\/confirmation"/, on: "/week", as: "ben")
    }

    /// How many entries the ledger has.
    func entries() throws -> Int {
        try database.read { try $0.value("SELECT count(*) FROM ledger_entry") } ?? 0
    }

    /// The evening's visit is over, and nobody has said yet how it was.
    func eveningOver() throws -> String {
        let booking = try evening()
        try wait(minutes: 9 * 60 + 1)
        return try log(of: booking)
    }

    /// The log that came of a booking.
    func log(of booking: String) throws -> String {
        try #require(try browser("ben").get("\(booking)/care-log").location)
    }

    func end(with name: String, as person: String = "ben") throws {
        let browser = try browser(person)
        let page = try browser.get(person == "ben" ? "/team" : "/people").text
        let paths = page.matches(of: /\/relationships\/[0-9a-z]{13}\/ending/).map { String($0.0) }
        for path in paths where try browser.get(path).text.contains(name) {
            let answer = try browser.post(path, [:])
            try #require(answer.status == 303, "\(answer.text)")
            return
        }
        Issue.record("\(person) has nothing to end with \(name)")
    }
}

extension PageAnswer {
    /// What is read of it, without its tags.
    var words: String {
        text.replacing(/<[^>]*>/, with: " ").replacing(/\s+/, with: " ")
    }
}
