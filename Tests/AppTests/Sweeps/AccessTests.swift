import Foundation
import Identity
import Store
import TestSupport
import Testing
import Web

@testable import App

/// Every route as every member of the cast, held against a table. A route that is missing from
/// the table fails.
@Suite struct AccessTests {
    /// What each may do at an address of Ben's or at one for all: "see" is 200 or a way on.
    private enum Rule {
        case anyone
        case signedIn
        case only(Set<String>)
        /// For others it is not there.
        case hidden(Set<String>)
        /// For others it is refused.
        case refused(Set<String>)
        /// For programs with a token, and for no browser.
        case program
    }

    private static let team: Set<String> = ["ada", "ben", "cora"]

    private static let table: [String: Rule] = [
        "/": .anyone,
        "/healthz": .anyone,
        "/readyz": .anyone,
        "/metrics": .anyone,
        "/version": .anyone,
        "/sign-in": .anyone,
        "/join": .anyone,
        "/join/support": .anyone,
        "/join/postcode": .anyone,
        "/join/not-covered": .anyone,
        "/join/account": .anyone,
        "/verification": .anyone,
        "/verification/{token}": .anyone,
        "/demonstration/mail": .anyone,
        "/password-reset": .anyone,
        "/password-reset/sent": .anyone,
        "/password-reset/{token}": .anyone,
        "/welcome": .signedIn,
        "/hats": .signedIn,
        "/week": .signedIn,
        "/today": .signedIn,
        "/team": .signedIn,
        "/people": .signedIn,
        "/money": .signedIn,
        "/notices": .signedIn,
        "/grants": .signedIn,
        "/record": .signedIn,
        "/record/check": .signedIn,
        "/bookings/new": .signedIn,
        "/bookings/{id}": .hidden(team),
        "/bookings/{id}/moving": .hidden(team),
        "/bookings/{id}/cancellation": .hidden(team),
        "/bookings/{id}/care-log": .hidden(["ada"]),
        "/care-logs/{id}": .hidden(team),
        "/care-logs/{id}/confirmation": .hidden(team),
        "/relationships/new": .signedIn,
        "/relationships/{id}": .hidden(["ada", "ben"]),
        "/relationships/{id}/ending": .hidden(["ada", "ben"]),
        "/helping": .refused(["dot"]),
        "/helping/{grant}/bookings": .hidden([]),
        "/helping/{grant}/bookings/{id}/moving": .hidden([]),
        "/audit": .refused(["eve"]),
        "/hat-requests": .refused(["eve"]),
        "/hat-requests/{id}": .refused(["eve"]),
        "/payment-runs": .refused(["eve"]),
        "/payment-runs/new": .refused(["eve"]),
        "/payment-runs/{id}": .refused(["eve"]),
        "/payments/{id}": .refused(["eve"]),
        "/funds": .refused(["eve"]),
        "/funds/{id}": .refused(["eve"]),
        "/funds/{id}/receipt": .refused(["eve"]),
        "/receipts/{id}": .hidden(["ben", "cora", "eve"]),
        "/receipts/{id}/correction": .refused(["eve"]),
        "/api/openapi.json": .anyone,
        "/api/ledger/accounts": .program,
        "/api/ledger/balances": .program,
        "/api/ledger/entries": .program,
        "/api/ledger/entries/{number}": .program,
    ]

    @Test func `each page is there for whom the table says, and for nobody else`() throws {
        let rig = try Rig()
        let booking = try rig.path(/\/bookings\/([0-9a-z]{13})"/, on: "/week", as: "ben")
        let log = try rig.path(/\/care-logs\/([0-9a-z]{13})\//, on: "/week", as: "ben")
        let tie = try rig.path(/\/relationships\/([0-9a-z]{13})\//, on: "/team", as: "ben")
        let run = try rig.path(/\/payment-runs\/([0-9a-z]{13})"/, on: "/payment-runs", as: "eve")
        let asker = try rig.path(/\/hat-requests\/([0-9a-z]{13})"/, on: "/hat-requests", as: "eve")
        let paid = try rig.path(
            /\/payments\/([0-9a-z]{13})"/,
            on: "/payment-runs/\(run)",
            as: "eve"
        )
        let funds = try rig.path(/\/funds\/([0-9a-z]{13})"/, on: "/funds", as: "eve")
        let receipt = try rig.path(
            /\/receipts\/([0-9a-z]{13})"/,
            on: "/funds/\(funds)",
            as: "eve"
        )
        let ids = [
            ("/care-logs", log), ("/relationships", tie), ("/payments", paid),
            ("/payment-runs", run), ("/hat-requests", asker), ("/funds", funds),
            ("/receipts", receipt),
        ]
        let browsers = try Demonstration.cast.map { member in
            (member.username, try rig.browser(member.username))
        }
        let visitor = try rig.browser()
        let program = try RestClient(rig, "eve", .ledgerReading)
        for route in rig.community.site.allRoutes where route.method == "GET" {
            let rule = try #require(
                Self.table[route.pattern],
                "\(route.pattern) is not in the table"
            )
            let id = ids.first { route.pattern.hasPrefix($0.0) }?.1 ?? booking
            let path = route.pattern
                .replacingOccurrences(of: "{id}", with: id)
                .replacingOccurrences(of: "{grant}", with: "0000000000001")
                .replacingOccurrences(of: "{token}", with: "none")
                .replacingOccurrences(of: "{number}", with: "1")
            let stranger = try visitor.get(path)
            if case .anyone = rule {
                #expect([200, 303].contains(stranger.status), "a visitor at \(path)")
            } else if case .program = rule {
                #expect(stranger.status == 401, "a visitor at \(path)")
                #expect(try program.get(path).status == 200, "a program at \(path)")
            } else {
                #expect(stranger.status == 303, "a visitor at \(path)")
                #expect(stranger.location?.hasPrefix("/sign-in") == true)
            }
            for (name, browser) in browsers {
                let status = try browser.get(path).status
                let expected: Set<Int> =
                    switch rule {
                    case .anyone, .signedIn: [200, 303]
                    case .only(let names), .hidden(let names):
                        names.contains(name) ? [200, 303] : [404]
                    case .refused(let names): names.contains(name) ? [200] : [403]
                    case .program: [401]
                    }
                #expect(expected.contains(status), "\(name) at \(route.pattern): \(status)")
            }
        }
    }

    @Test func `no form is taken without its token, or with another person's`() throws {
        let rig = try Rig()
        let before = try rig.dump()
        let ben = try rig.browser("ben")
        let visitor = try rig.browser()
        for route in rig.community.site.allRoutes where route.method == "POST" {
            let path = route.pattern
                .replacingOccurrences(of: "{id}", with: "0000000000001")
                .replacingOccurrences(of: "{grant}", with: "0000000000001")
                .replacingOccurrences(of: "{token}", with: "none")
            // A program proves itself by its token alone: a browser's cookie is worth nothing.
            let refused = Site.isForPrograms(route.pattern) ? 401 : 403
            for browser in [ben, visitor] {
                #expect(try browser.post(path, [:], withToken: false).status == refused, "\(path)")
                #expect(
                    try browser.post(path, ["token": "bm90LW91cnM"], withToken: false).status
                        == refused,
                    "\(path)"
                )
            }
        }
        #expect(try rig.dump() == before)
    }

    @Test func `looking changes nothing but the audit`() throws {
        let rig = try Rig()
        let browsers = try Demonstration.cast.map { try rig.browser($0.username) }
        let program = try RestClient(rig, "eve", .ledger)
        let before = try rig.dump()
        for browser in browsers {
            for path in try rig.links(for: browser) { _ = try browser.get(path) }
        }
        for route in rig.community.site.allRoutes
        where route.method == "GET" && Site.isForPrograms(route.pattern) {
            _ = try program.get(route.pattern.replacingOccurrences(of: "{number}", with: "1"))
        }
        #expect(try rig.dump() == before)
    }
}

extension Rig {
    /// The whole store as text, but for what looking and being signed in may change.
    func dump() throws -> String {
        let dump = try ChildProcess.run("/usr/bin/sqlite3", [database.path, ".dump"]).output
        return dump.split(separator: "\n").filter { line in
            !["identity_audit", "prooflog_node", "identity_session"].contains {
                line.hasPrefix("INSERT INTO \($0)")
            }
        }.joined(separator: "\n")
    }

    /// Every address of ours that the person can reach by following links from the first page.
    func links(for browser: Browser) throws -> [String] {
        var found: [String] = []
        var waiting = ["/", "/week", "/today", "/record", "/notices"]
        while let path = waiting.popLast() {
            guard !found.contains(path), found.count < 120 else { continue }
            found.append(path)
            let answer = try browser.get(path)
            if let location = answer.location { waiting.append(location) }
            for match in answer.text.matches(of: /href="(\/[^"#]*)"/) {
                let link = String(match.1).replacingOccurrences(of: "&amp;", with: "&")
                if !link.hasPrefix("/static/") { waiting.append(link) }
            }
        }
        return found
    }
}
