import Basics
import Foundation
import Store
import TestSupport
import Testing

@testable import App

/// Joining, confirming and being slowed, through the pages.
@Suite struct JoiningTests {
    @Test func `a registration sent twice makes one person and says the same twice`() throws {
        let rig = try Rig()
        let first = try rig.joining("freddie", "HATSTAND")
        let again = first.copy()
        let late = (0..<3).map { _ in first.copy() }
        let fields = Rig.account("freddie")
        #expect(try first.post("/join/account", fields).location == "/verification")
        #expect(try again.post("/join/account", fields).location == "/verification")
        #expect(try late[0].get("/join/support").location == "/verification")
        #expect(try late[1].post("/join/support", [:]).location == "/verification")
        #expect(try late[2].post("/join/postcode", [:]).location == "/verification")
        #expect(try rig.count("identity_person") == Demonstration.cast.count + 1)
        let kept = try rig.database.read {
            try $0.value("SELECT count(*) FROM channels_sign_up WHERE postcode IS NOT NULL")
                as Int64?
        }
        #expect(kept == 0)
    }

    @Test func `signing in unconfirmed again and again sends one letter a minute`() throws {
        let rig = try Rig()
        _ = try rig.joining("freddie", "HATSTAND").post("/join/account", Rig.account("freddie"))
        let freddie = try rig.browser()
        for _ in 0..<20 {
            let answer = try freddie.post(
                "/sign-in",
                ["name": "freddie", "password": "gate-lamp-77"]
            )
            #expect(answer.location == "/verification")
        }
        #expect(try rig.count("identity_verification") == 1)
        rig.clock.advance(seconds: 61)
        _ = try freddie.post("/sign-in", ["name": "freddie", "password": "gate-lamp-77"])
        #expect(try rig.count("identity_verification") == 2)
    }

    @Test func `ways to join without a computer are shown where they are set, and only there`()
        throws
    {
        let bare = try Rig().browser().get("/join").text
        #expect(!bare.contains("without a computer") && !bare.contains("Ring us"))
        let ways = CommunitySettings.Contact(telephone: "01632 960 001")
        let page = try Rig(contact: ways).browser().get("/join").text
        #expect(page.contains("Ring us: 01632 960 001"))
        #expect(!page.contains("Write to us"))
    }

    @Test func `whoever starts a real community hears what is missing`() throws {
        let bare = try CommunitySettings.load(
            home: TestStore.repository,
            data: TestFolder().path
        )
        #expect(bare.missing().count == 3)
        var whole = bare
        whole.mail = CommunitySettings.Mail(smtp: "smtp://mail.example.org:587")
        whole.invitationCodes = ["LAMP"]
        whole.address = "https://care.example.org"
        #expect(whole.missing().isEmpty)
    }

    @Test func `the demonstration's code and readable letters are nowhere else`() throws {
        let home = TestStore.repository
        let folder = try TestFolder()
        let real = try CommunitySettings.load(home: home, data: folder.path)
        #expect(real.invitationCodes == nil)
        #expect(real.mail?.folder == nil)
        let made = try CommunitySettings.load(
            home: home,
            data: folder.path,
            isDemonstration: true
        )
        #expect(made.invitationCodes == ["HATSTAND"])
        try #"{"mail": {"folder": "mail"}}"#.write(
            toFile: folder.path + "/community.json",
            atomically: true,
            encoding: .utf8
        )
        #expect(throws: Unusable.self) {
            try CommunitySettings.load(home: home, data: folder.path)
        }
    }
}

extension Rig {
    /// A visitor who has answered all questions but the last.
    func joining(_ name: String, _ code: String) throws -> Browser {
        let browser = try browser()
        for (path, fields) in [
            ("/join", ["code": code]), ("/join/support", ["support": "giving-support"]),
            ("/join/postcode", ["postcode": "HX7 8AA"]),
        ] {
            let answer = try browser.post(path, fields)
            try #require(answer.status == 303, "\(path): \(answer.text)")
        }
        return browser
    }

    static func account(_ name: String) -> [String: String] {
        [
            "first": "Freddie", "last": "Holt", "email": "\(name)@example.org",
            "username": name, "password": "gate-lamp-77",
        ]
    }

    func count(_ table: String) throws -> Int64 {
        // The names are the tests' own.
        let text = try dump()
        return Int64(text.matches(of: try Regex("INSERT INTO \(table) ")).count)
    }
}
