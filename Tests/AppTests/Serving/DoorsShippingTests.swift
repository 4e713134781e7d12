import Basics
import Events
import Foundation
import Store
import Synchronization
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

    /// What is in the second place is what the store holds.
    private func expectShipped(_ data: String, to place: String, _ many: ManyCommunities) throws {
        let restored = data + "/restored.db"
        _ = try SecondPlace.restore(
            from: place,
            at: nil,
            to: restored,
            despiteDamage: false,
            BackupKey.load(data + "/backup.key").key
        )
        #expect(try many.changes(restored) == many.changes(data + "/kith.db"))
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
        try expectShipped(data, to: place, many)
    }

    private func ships(_ name: String, in many: ManyCommunities) throws -> String {
        let data = many.data(name)
        let place = data + "/second"
        if !FileManager.default.fileExists(atPath: data + "/backup.key") {
            try BackupKey.create(data + "/backup.key")
        }
        try ManyCommunities.settings("{\"shipping\": {\"folder\": \"\(place)\"}}", of: data)
        return place
    }

    /// What runs it is what ships, and takes its time.
    private func ships(_ name: String, by command: String, in many: ManyCommunities) throws {
        let data = many.data(name)
        try BackupKey.create(data + "/backup.key")
        try ManyCommunities.settings(#"{"shipping": {"command": "\#(command)"}}"#, of: data)
    }

    @Test func `one that could not be closed in time is signed each minute again`() throws {
        let many = try ManyCommunities([Self.name])
        try ships(Self.name, by: "cat > /dev/null; sleep 2", in: many)
        _ = try many.get(Self.name)
        let stay = try #require(many.doors.door(at: Self.name)?.enterIfOpen())
        let database = stay.community.database
        func isPlanned() throws -> Bool {
            try database.read { data in
                try data.value("SELECT count(*) FROM events_job WHERE key = 'checkpoints'") ?? 0
            } == 1
        }
        func wait(until isSo: () throws -> Bool) throws {
            for _ in 0..<1000 where try !isSo() { Thread.sleep(forTimeInterval: 0.02) }
            #expect(try isSo())
        }
        try wait { try isPlanned() && database.shippingStatus?.behindSince == nil }
        let door = try #require(many.doors.door(at: Self.name))
        let open = try #require(
            door.state.withLock { state in
                guard case .open(let open) = state.phase else { return OpenCommunity?.none }
                state.phase = .closing
                return open
            }
        )
        open.community.runner.stop()
        #expect(!door.close(open), "the last signature is not shipped yet")
        try wait { try isPlanned() }
        withExtendedLifetime(stay) {}
    }

    @Test func `at the end those that wait for their second place wait side by side`() throws {
        let names = (1...10).map { "north\($0).example" }
        let many = try ManyCommunities(names)
        for name in names {
            try ships(name, by: "cat > /dev/null; sleep 20", in: many)
            #expect(try many.get(name).status == 200)
        }
        let begun = ContinuousClock.now
        many.doors.end()
        // Each of them takes five seconds.
        #expect(begun.duration(to: .now) < .seconds(11))
        #expect(many.open == 0)
    }

    @Test func `one that was behind when the process ended is opened for that at the next start`()
        throws
    {
        let many = try ManyCommunities([Self.name, "south.example"])
        let place = try ships(Self.name, in: many)
        try away(place)
        // The other has nothing to ship, and nothing else to do.
        for name in [Self.name, "south.example"] { _ = try many.get(name) }
        let next = try many.next()
        try FileManager.default.removeItem(atPath: place)
        next.doors.round()
        next.doors.household.settle()
        #expect(next.openings == 1)
        for _ in 0..<600 where next.open == 1 {
            next.doors.round()
            next.clock.advance(seconds: 1)
            Thread.sleep(forTimeInterval: 0.05)
        }
        #expect(next.open == 0)
        let restored = many.folder.path + "/restored.db"
        _ = try SecondPlace.restore(
            from: place,
            at: nil,
            to: restored,
            despiteDamage: false,
            BackupKey.load(many.data(Self.name) + "/backup.key").key
        )
        #expect(try next.changes(restored) == next.changes(many.data(Self.name) + "/kith.db"))

        // Nothing is left, so nothing is opened.
        let last = try next.next()
        last.doors.round()
        last.doors.household.settle()
        #expect(last.openings == 0)
    }

    @Test func `those that only have to ship leave half of the places to who comes`() throws {
        let many = try ManyCommunities()
        for name in ManyCommunities.names { try away(try ships(name, in: many)) }
        let next = try many.next(mostOpen: 2)
        for _ in 0..<5 {
            next.doors.round()
            next.clock.advance(seconds: 61)
        }
        // Its place is out of reach, so it stays open.
        #expect(next.open == 1)
        for name in ManyCommunities.names where next.open == 1 {
            #expect(try next.get(name).status == 200)
        }
        #expect(next.open == 2)
    }

    @Test func `those whose second place is out of reach make room for who comes, and ship later`()
        throws
    {
        let many = try ManyCommunities(mostOpen: 2)
        var places: [String] = []
        for name in ManyCommunities.names {
            places.append(try ships(name, in: many))
            try away(try #require(places.last))
        }
        func signIn(_ name: String) throws -> Int {
            for _ in 0..<100 {
                let answer = try many.browser(name).post(
                    "/sign-in",
                    ["name": "ben", "password": Demonstration.password]
                )
                // What follows from signing in may still be under way in both.
                if answer.status != 503 { return answer.status }
            }
            return 503
        }
        for name in ManyCommunities.names + ManyCommunities.names {
            #expect(try signIn(name) == 303, "\(name)")
            #expect(many.open <= 2)
        }
        for place in places { try FileManager.default.removeItem(atPath: place) }
        // Each is opened for that, though nobody comes any more.
        for _ in 0..<2000 {
            many.doors.round()
            many.clock.advance(seconds: 5)
            let isShipped = places.allSatisfy { place in
                let files = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
                return files.contains { $0.hasPrefix("base") }
            }
            if isShipped, many.open == 0 { break }
            Thread.sleep(forTimeInterval: 0.02)
        }
        #expect(many.open == 0)
        for (name, place) in zip(ManyCommunities.names, places) {
            try expectShipped(many.data(name), to: place, many)
        }
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
