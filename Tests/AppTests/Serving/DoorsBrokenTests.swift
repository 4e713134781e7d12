import Foundation
import TestSupport
import Testing

@testable import App

/// Communities that cannot be opened, among others that can.
@Suite struct DoorsBrokenTests {
    private let many: ManyCommunities

    init() throws {
        many = try ManyCommunities()
    }

    private func counted() throws -> [String] {
        try many.get("10.0.0.1", "/metrics").text.split(separator: "\n").map(String.init)
            .filter { $0.hasPrefix("kith_communities") }.sorted()
    }

    private func expect(open: Int, usable: Int, broken: Int) throws {
        #expect(
            try counted() == [
                "kith_communities \(usable)", "kith_communities_broken \(broken)",
                "kith_communities_open \(open)",
            ]
        )
    }

    @Test func `they are found before anything is opened, and counted apart`() throws {
        try ManyCommunities.settings(#"{"nmae": "x"}"#, of: many.data("north.example"))
        try FileManager.default.removeItem(atPath: many.data("west.example") + "/master.key")
        many.doors.check()
        #expect(many.openings == 0)
        try expect(open: 0, usable: 1, broken: 2)
        #expect(try many.get("south.example").status == 200)
        #expect(try many.get("north.example").status == 503)
        try expect(open: 1, usable: 1, broken: 2)
    }

    @Test func `one whose store cannot be opened is counted once that was tried`() throws {
        try Data(repeating: 7, count: 65_536)
            .write(to: URL(fileURLWithPath: many.data("north.example") + "/kith.db"))
        many.doors.check()
        try expect(open: 0, usable: 3, broken: 0)
        #expect(try many.get("north.example").status == 503)
        try expect(open: 0, usable: 2, broken: 1)
        many.doors.round()
        try expect(open: 0, usable: 2, broken: 1)
    }

    @Test func `a demonstration is not served among others, since everybody knows its passwords`()
        throws
    {
        let mark = many.data("north.example") + "/demonstration"
        for state in ["made", "begun"] {
            try state.write(toFile: mark, atomically: true, encoding: .utf8)
            many.doors.check()
            try expect(open: 0, usable: 2, broken: 1)
            #expect(try many.get("north.example").status == 503)
        }
        try FileManager.default.removeItem(atPath: mark)
        many.doors.round()
        #expect(try many.get("north.example").status == 200)
    }

    @Test func `one that was mended is found by the next look at all`() throws {
        try ManyCommunities.settings(#"{"nmae": "x"}"#, of: many.data("north.example"))
        many.doors.check()
        #expect(try many.get("north.example").status == 503)
        try expect(open: 0, usable: 2, broken: 1)
        try ManyCommunities.settings("{}", of: many.data("north.example"))
        many.doors.round()
        try expect(open: 0, usable: 3, broken: 0)
        // Whoever comes need not wait until it would have been tried again.
        #expect(try many.get("north.example").status == 200)
    }

    @Test func `settings read anew are looked at in those that are closed as well`() throws {
        _ = try many.get("south.example")
        for name in ["north.example", "south.example"] {
            try ManyCommunities.settings(#"{"name": 7}"#, of: many.data(name))
        }
        #expect(try !many.doors.change(to: ManyCommunities.plan(many.folder.path)))
        // The open one goes on as it was.
        try expect(open: 1, usable: 2, broken: 1)
        #expect(try many.get("south.example").text.contains("The south.example"))
    }
}
