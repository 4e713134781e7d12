import Basics
import Foundation
import Store
import TestSupport
import Testing

@testable import App

/// Folders that are moved, removed or replaced while their store is open, and files that are
/// damaged then.
@Suite struct DoorsPlaceTests {
    private static let name = "north.example"
    private let many: ManyCommunities
    private let files = FileManager.default

    init() throws {
        many = try ManyCommunities([Self.name, "south.example"])
    }

    private func replace(with other: String) throws {
        let data = many.data(Self.name)
        try files.moveItem(atPath: data, toPath: many.data(".away"))
        try ManyCommunities.make(Self.name, in: many.folder.path + "/workshop")
        try ManyCommunities.settings(
            "{\"name\": \"\(other)\"}",
            of: many.folder.path + "/workshop/\(Self.name)"
        )
        try files.moveItem(atPath: many.folder.path + "/workshop/\(Self.name)", toPath: data)
    }

    private func signIn() throws -> Int {
        try many.browser(Self.name).post(
            "/sign-in",
            ["name": "ben", "password": Demonstration.password]
        ).status
    }

    @Test func `what is put in its place is opened within a second, and nobody is told to wait`()
        throws
    {
        #expect(try signIn() == 303)
        try replace(with: "Restored")
        // What is written meanwhile is not acknowledged.
        #expect(try signIn() == 503)
        many.doors.round()
        #expect(try many.get(Self.name).text.contains("Restored"))
        #expect(try signIn() == 303)
        #expect(many.openings == 2 && many.open == 1)
    }

    @Test func `one that was only moved away is answered 503, then 421, and comes back`() throws {
        #expect(try many.get(Self.name).status == 200)
        try files.moveItem(atPath: many.data(Self.name), toPath: many.data(".away"))
        try many.round { many.open == 0 }
        #expect(try many.get(Self.name).status == 503)
        #expect(!files.fileExists(atPath: many.data(Self.name)), "nothing is made there")
        many.clock.advance(seconds: 61)
        many.doors.round()
        #expect(try many.get(Self.name).status == 421)
        try files.moveItem(atPath: many.data(".away"), toPath: many.data(Self.name))
        #expect(try many.get(Self.name).status == 200)
    }

    @Test func `a command works on what is in the folder, not on what was`() throws {
        #expect(try signIn() == 303)
        try replace(with: "Restored")
        let question = Control.Question(
            command: "hat",
            words: ["give"],
            name: "cy",
            hat: "admin",
            community: Self.name
        )
        #expect(try many.doors.answer(question)?.lines == ["cy now has: admin"])
        #expect(many.openings == 2)
        #expect(try many.get(Self.name).text.contains("Restored"))
    }

    @Test func `settings that are read anew are those of the store that is there`() throws {
        #expect(try many.get(Self.name).status == 200)
        try replace(with: "Restored")
        _ = try many.doors.change(to: ManyCommunities.plan(many.folder.path))
        many.doors.household.settle()
        #expect(many.open == 0)
        #expect(try many.get(Self.name).text.contains("Restored"))
    }

    @Test func `one that is damaged while it is open is counted and says so, the other serves on`()
        throws
    {
        for name in [Self.name, "south.example"] { _ = try many.get(name) }
        let path = URL(fileURLWithPath: many.data(Self.name) + "/kith.db")
        let file = try FileHandle(forWritingTo: path)
        let size = try file.seekToEnd()
        for page in 0..<size / 4096 {
            try file.seek(toOffset: page * 4096 + (page == 0 ? 100 : 0))
            try file.write(contentsOf: Data(repeating: 0xA5, count: 600))
        }
        try file.close()
        var statuses: [Int] = []
        for _ in 0..<20 {
            statuses.append(try many.get(Self.name, "/readyz").status)
            if statuses.last == 503 { break }
            // Readers keep what they have in memory.
            _ = try many.get(Self.name, "/sign-in")
            _ = try signIn()
        }
        #expect(statuses.last == 503)
        let ready = try many.get(Self.name, "/readyz")
        #expect(ready.text.hasSuffix("restore a backup\n") || ready.text.contains("log says why"))
        let metrics = try many.get("10.0.0.1", "/metrics").text
        #expect(metrics.contains("\nkith_communities_broken 1\n"))
        #expect(metrics.contains("\nkith_communities 1\n"))
        #expect(try many.get("south.example", "/readyz").status == 200)
    }
}
