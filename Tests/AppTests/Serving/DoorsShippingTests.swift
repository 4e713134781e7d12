import Basics
import Foundation
import TestSupport
import Testing
import Vault

@testable import App

/// When one of many communities is closed, seen from its second place and from those who watch.
@Suite struct DoorsShippingTests {
    private static let name = "north.example"

    private func away(_ place: String) throws {
        // A file stands where the folder should be.
        try "".write(toFile: place, atomically: true, encoding: .utf8)
    }

    @Test func `one is not closed before what it committed is in its second place`() throws {
        let many = try ManyCommunities([Self.name])
        let data = many.data(Self.name)
        let place = data + "/second"
        try BackupKey.create(data + "/backup.key")
        try ManyCommunities.settings("{\"shipping\": {\"folder\": \"\(place)\"}}", of: data)
        try away(place)
        let answer = try many.browser(Self.name).post(
            "/sign-in",
            ["name": "ben", "password": Demonstration.password]
        )
        #expect(answer.status == 303)
        many.clock.advance(seconds: 601)
        for _ in 0..<50 {
            many.doors.round()
            many.clock.advance(seconds: 60)
        }
        #expect(many.open == 1, "nobody would ship it until somebody comes")

        try FileManager.default.removeItem(atPath: place)
        for _ in 0..<600 where many.open == 1 {
            many.doors.round()
            many.clock.advance(seconds: 1)
            Thread.sleep(forTimeInterval: 0.05)
        }
        #expect(many.open == 0)
        #expect(many.openings == 1)
        let restored = many.folder.path + "/restored.db"
        _ = try SecondPlace.restore(
            from: place,
            at: nil,
            to: restored,
            despiteDamage: false,
            BackupKey.load(data + "/backup.key").key
        )
        #expect(try many.changes(restored) == many.changes(data + "/kith.db"))
    }

    @Test func `whoever asks for its metrics neither keeps it open nor opens it`() throws {
        let many = try ManyCommunities([Self.name])
        _ = try many.get(Self.name)
        for _ in 0..<6 {
            many.clock.advance(seconds: 100)
            let metrics = try many.get(Self.name, "/metrics").text
            #expect(metrics.contains("\nkith_dead_letters "))
        }
        try many.round { many.open == 0 }
        let closed = try many.get(Self.name, "/metrics")
        #expect(closed.status == 200)
        #expect(closed.text.contains("\nkith_communities_open 0\n"))
        #expect(many.openings == 1)
    }
}
