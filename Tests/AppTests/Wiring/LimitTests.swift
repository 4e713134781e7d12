import Foundation
import TestSupport
import Testing

@testable import App
@testable import HTTPServer

/// `limits` in the settings of a process.
@Suite struct LimitTests {
    private func limits(_ text: String) throws -> Limits? {
        try CommunitySettings(Array(#"{"limits": \#(text)}"#.utf8), from: "FILE").limits
    }

    private func refused(_ text: String) -> String? {
        do throws(Unusable) {
            _ = try CommunitySettings(Array(#"{"limits": \#(text)}"#.utf8), from: "FILE")
            return nil
        } catch {
            return error.description
        }
    }

    @Test(arguments: Limit.all.map(\.name))
    func `each limit is what its setting says, the others what they were, and out of range refused`(
        name: String
    ) throws {
        let limit = try #require(Limit.all.first { $0.name == name })
        #expect(limit.range.contains(limit.value(Limits())))
        let (least, most) = (limit.range.lowerBound, limit.range.upperBound)
        for number in [least, most] {
            let found = try #require(try limits(#"{"\#(name)": \#(number)}"#))
            for other in Limit.all {
                let expected = other.name == name ? number : other.value(Limits())
                #expect(other.value(found) == expected, "\(other.name)")
            }
        }
        for value in ["\(least - 1)", "\(most + 1)", "\"\(least)\"", "\(least).5", "true"] {
            #expect(
                refused(#"{"\#(name)": \#(value)}"#)
                    == "FILE: limits.\(name) must be a number from \(least) to \(most)"
            )
        }
    }

    @Test func `a name that is no limit is told, with the one that may be meant`() throws {
        #expect(
            refused(#"{"bodybytes": 20000}"#)
                == "FILE: limits.bodybytes is not a setting: did you mean limits.bodyBytes?"
        )
        #expect(try #require(refused("7")).contains("limits must be an object, as {…}"))
        #expect(try limits("null") == nil)
    }

    @Test func `the README tells of each limit, and what it is unless set`() throws {
        let readme = try String(
            contentsOfFile: TestStore.repository + "/README.md",
            encoding: .utf8
        )
        let lines = readme.split(separator: "\n").filter { $0.hasPrefix("| `") }
        for limit in Limit.all {
            let line = try #require(
                lines.first { $0.hasPrefix("| `\(limit.name)` | ") },
                "\(limit.name)"
            )
            let (least, most) = (limit.range.lowerBound, limit.range.upperBound)
            let end = " | \(limit.value(Limits())) | \(least) to \(most) |"
            #expect(line.hasSuffix(end), "\(limit.name) ends with\(end)")
        }
    }

    @Test func `of many the folder's file limits the process, and a community's own does not`()
        throws
    {
        let folder = try TestFolder()
        try ManyCommunities.make("north.example", in: folder.path)
        try ManyCommunities.settings(
            #"{"limits": {"fieldCount": 30, "slowWaiting": 5}}"#,
            of: folder.path
        )
        try ManyCommunities.settings(
            #"{"limits": {"fieldCount": 40}}"#,
            of: folder.path + "/north.example"
        )
        let plan = try ManyCommunities.plan(folder.path)
        #expect(plan.server.fieldCount == 30 && plan.limits.slowWaiting == 5)
    }
}
