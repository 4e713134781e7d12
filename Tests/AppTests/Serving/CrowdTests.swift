import Basics
import Dispatch
import Foundation
import HTTPServer
import Synchronization
import TestSupport
import Testing

@testable import App
@testable import Store
@testable import Web

/// What many communities of one process may take from each other: nothing that has no limit.
@Suite struct CrowdTests {
    @Test func `beyond the most that may be open the longest unused is closed for the next`() throws
    {
        let many = try ManyCommunities(mostOpen: 2)
        for name in ["north.example", "south.example", "north.example", "west.example"] {
            #expect(try many.get(name).text.contains("The \(name)"))
            many.clock.advance(seconds: 1)
            #expect(many.open <= 2)
            try rest(name, many)
        }
        #expect(many.doors.door(at: "south.example")?.enterIfOpen() == nil)
        #expect(many.doors.door(at: "north.example")?.enterIfOpen() != nil)
        #expect(try many.get("south.example").status == 200)
        #expect(many.open == 2)
    }

    /// Until nobody is inside any more, and its work is done.
    private func rest(_ name: String, _ many: ManyCommunities) throws {
        let door = try #require(many.doors.door(at: name))
        for _ in 0..<400 {
            let open = door.state.withLock { state -> OpenCommunity? in
                guard case .open(let open) = state.phase, state.guests == 0 else { return nil }
                return open
            }
            if let open, try open.nextDue().map({ $0 > many.clock.source.now() }) ?? true { return }
            Thread.sleep(forTimeInterval: 0.02)
        }
        Issue.record("\(name) never came to rest")
    }

    @Test func `while all are in use the next is told to come again, and then is let in`() throws {
        let many = try ManyCommunities(mostOpen: 1)
        _ = try many.get("north.example")
        var stay = many.doors.door(at: "north.example")?.enterIfOpen()
        let answer = try many.get("south.example")
        #expect(answer.status == 503)
        #expect(answer.header("retry-after") == "5")
        #expect(try many.get("north.example").status == 200)
        #expect(stay != nil && many.open == 1)
        stay = nil
        try rest("north.example", many)
        #expect(try many.get("south.example").status == 200)
        #expect(many.open == 1)
    }

    @Test func `one that waits for room longer than an opening may take is not broken`() throws {
        let many = try ManyCommunities(mostOpen: 1, openingMilliseconds: 100)
        _ = try many.get("north.example")
        var stay = many.doors.door(at: "north.example")?.enterIfOpen()
        for _ in 0..<2 {
            // In the time of half a second nobody waits for room a second time.
            #expect(try many.get("south.example").header("retry-after") == "5")
            #expect(many.open == 1)
            many.clock.advance(seconds: 1)
        }
        let metrics = try many.get("10.0.0.1", "/metrics").text
        #expect(metrics.contains("\nkith_communities_broken 0\n"))
        #expect(stay != nil)
        stay = nil
        try rest("north.example", many)
        #expect(try many.get("south.example").status == 200)
        #expect(many.open == 1)
    }

    @Test func `whoever comes while the last is just leaving waits a moment for room`() throws {
        let many = try ManyCommunities(mostOpen: 1, roomMilliseconds: 60_000)
        _ = try many.get("north.example")
        let stay = Mutex(many.doors.door(at: "north.example")?.enterIfOpen())
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(150)) {
            stay.withLock { $0 = nil }
        }
        #expect(try many.get("south.example").status == 200)
        #expect(many.open == 1)
    }

    @Test func `one that cannot be opened takes no place`() throws {
        let many = try ManyCommunities(mostOpen: 1)
        try ManyCommunities.settings("{ not json", of: many.data("west.example"))
        #expect(try many.get("west.example").status == 503)
        #expect(many.open == 0)
        #expect(try many.get("south.example").status == 200)
    }

    @Test func `whoever comes for any of them, no more are open than may be`() throws {
        let many = try ManyCommunities(mostOpen: 2)
        let answers = Mutex<[Int]>([])
        let most = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: 4) { client in
            for number in 0..<8 {
                let name = ManyCommunities.names[(client + number) % 3]
                guard let answer = try? many.get(name) else { continue }
                answers.withLock { $0.append(answer.status) }
                most.withLock { $0 = max($0, many.open) }
            }
        }
        #expect(most.withLock { $0 } <= 2)
        #expect(answers.withLock { $0 }.count == 32)
        #expect(answers.withLock { $0 }.allSatisfy { $0 == 200 || $0 == 503 })
        #expect(answers.withLock { $0 }.contains(200))
    }

    @Test func `where many are served each connection keeps little of its file`() throws {
        let many = try ManyCommunities()
        _ = try many.get("north.example")
        let stay = try #require(many.doors.door(at: "north.example")?.enterIfOpen())
        let database = stay.community.database
        #expect(try database.alone { try $0.integer("PRAGMA cache_size") } == -1000)
    }

    @Test func `a burst of slow work at one community fills its own line alone`() throws {
        let many = try ManyCommunities()
        _ = try many.get("north.example")
        _ = try many.get("south.example")
        let north = try #require(many.doors.door(at: "north.example")?.enterIfOpen())
        let south = try #require(many.doors.door(at: "south.example")?.enterIfOpen())
        let gate = DispatchSemaphore(value: 0)
        let begun = DispatchGroup()
        var taken = 0
        for _ in 0..<80
        where north.community.site.slow.run({ _ = gate.comes(within: 300) }) { taken += 1 }
        #expect(taken < 80)
        begun.enter()
        #expect(south.community.site.slow.run { begun.leave() })
        // Round by round: south's comes after one of north's, not after all.
        for _ in 0..<4 { gate.signal() }
        #expect(begun.comes())
        for _ in 0..<taken { gate.signal() }
    }
}
