import Basics
import FoundationEssentials
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Store

/// When a new base is made, and when none is.
struct ShippingBaseTests {
    private let stage: PlaceStage

    init() throws {
        stage = try PlaceStage()
    }

    @Test func `a base that is old is followed by another, and what is no longer kept goes`() throws
    {
        let database = try stage.open(.folder(stage.place)) { shipping in
            shipping.pauseMilliseconds = 10
            shipping.baseMinutes = 60
            shipping.keepMinutes = 90
        }
        func bases() throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: stage.place)
                .filter { $0.hasPrefix("base") && !$0.hasSuffix(".unfinished") }.count
        }
        try wait { database.shippingStatus?.lastBase != nil }
        for hour in 1...4 {
            stage.clock.advance(seconds: 3600)
            try stage.write(hour, database)
            let now = stage.clock.source.now()
            try wait { database.shippingStatus?.lastBase == now }
        }
        try wait { try bases() == 3 }
        #expect(try stage.restored() == [1, 2, 3, 4])
        #expect(try stage.restored(at: stage.clock.source.now().adding(minutes: -90)) == [1, 2])
    }

    @Test func `a base made while the clock was ahead is followed by one when it is right`() throws
    {
        let database = try stage.open(.folder(stage.place)) { $0.pauseMilliseconds = 10 }
        try wait { database.shippingStatus?.lastBase != nil }
        for (id, days) in [(1, 42), (2, -42)] as [(Int, Int64)] {
            stage.clock.advance(seconds: days * 86_400)
            try stage.write(id, database)
            let now = stage.clock.source.now()
            try wait { database.shippingStatus?.lastBase == now }
        }
        #expect(try stage.restored() == [1, 2])
    }

    @Test func `without room for a copy no base is begun, which is told once`() throws {
        let database = try stage.open(.folder(stage.place)) { shipping in
            shipping.pauseMilliseconds = 10
            shipping.reserveBytes = 1 << 60
        }
        try wait { database.shippingStatus?.isInTrouble == true }
        for id in 1...5 { try stage.write(id, database) }
        usleep(500_000)
        #expect(!FileManager.default.fileExists(atPath: stage.folder.path + "/store.db.base"))
        let told = stage.said.withLock { $0 }
        #expect(told.count == 1)
        #expect(told.first?.hasPrefix("no base could be made: 1099511627776 MB must be") == true)
    }

    @Test func `a base that could not be made is not tried again with each change`() throws {
        let tries = stage.folder.path + "/tries"
        let database = try stage.open(.command("echo $KITH_FILE >> '\(tries)'; exit 3")) {
            $0.pauseMilliseconds = 10
        }
        try wait { database.shippingStatus?.isInTrouble == true }
        for id in 1...10 {
            try stage.write(id, database)
            usleep(50_000)
        }
        let lines = try String(contentsOfFile: tries, encoding: .utf8).split(separator: "\n")
        #expect(lines.count { $0.hasPrefix("base") } == 1)
    }

    @Test func `a change too large to be shipped is left to a base`() throws {
        let database = try stage.open(.folder(stage.place)) { $0.longestCommitBytes = 200_000 }
        try database.shipBase()
        try stage.write(1, database)
        #expect(try database.shipNow())
        #expect(database.shippingStatus?.behindSince == nil)
        stage.clock.advance(seconds: 1)
        try database.write { change in
            for id in 2...100 {
                try change.run("INSERT INTO note (id, text) VALUES (\(id), hex(randomblob(3000)))")
            }
        }
        #expect(try database.shipNow())
        #expect(database.shippingStatus?.behindSince != nil)
        #expect(
            stage.said.withLock { $0 }
                == ["a change is too large to be shipped: a base is made anew"]
        )
        #expect(try stage.restored() == [1])
        try database.shipBase()
        try stage.write(101, database)
        #expect(try database.shipNow())
        #expect(database.shippingStatus?.behindSince == nil)
        #expect(try stage.restored() == Array(1...101))
    }
}
