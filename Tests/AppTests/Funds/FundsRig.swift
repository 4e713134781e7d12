import Events
import Store
import Testing

@testable import App

/// What the tests of money that comes in do again and again.
extension Rig {
    /// Ben's funds, where Eve finds them.
    func bensFunds() throws -> String {
        try path(/(\/funds\/[0-9a-z]{13})"/, on: "/funds", as: "eve")
    }

    /// A form as it stands on a page, to be filled in: its one-time key.
    func key(on page: String, for browser: Browser) throws -> String {
        let text = try browser.get(page).text
        return String(try #require(text.firstMatch(of: /name="key" value="([^"]+)"/), "\(text)").1)
    }

    /// What came in on Friday, as Eve types it.
    func typed(
        _ changed: [String: String] = [:],
        by browser: Browser
    ) throws -> [String: String] {
        let key = try key(on: "\(bensFunds())/receipt", for: browser)
        return [
            "key": key, "amount": "250", "day": "2026-11-20", "bank": "OKAFOR B REF 4471",
        ].merging(changed) { _, new in new }
    }

    /// Eve records it, and it stands.
    func recorded(by browser: Browser) throws -> String {
        let answer = try browser.post("\(bensFunds())/receipt", typed(by: browser))
        try #require(answer.status == 303, "\(answer.text)")
        try community.runner.runDue()
        return try #require(answer.location)
    }

    /// What is left in Ben's account, in pence.
    func bensBalance() throws -> Int64 {
        let balance: Int64? = try database.read { data in
            try data.value("SELECT balance FROM ledger_account WHERE kind = 'funds'")
        }
        return try #require(balance)
    }
}
