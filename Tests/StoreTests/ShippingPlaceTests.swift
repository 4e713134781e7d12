import Basics
import FoundationEssentials
import Synchronization
import TestSupport
import Testing

@testable import Store

/// What happens with places that are slow, shut, shared or not those they were.
struct ShippingPlaceTests {
    private let stage: PlaceStage

    init() throws {
        stage = try PlaceStage()
    }

    @Test func `commits that were shipped together can be told apart`() throws {
        let database = try stage.open(.folder(stage.place))
        try database.shipBase()
        var times: [Instant] = []
        for id in 1...20 {
            try stage.write(id, database)
            times.append(stage.clock.source.now())
        }
        #expect(try database.shipNow())
        for (index, time) in times.enumerated() {
            #expect(try stage.restored(at: time) == Array(1...index + 1))
        }
    }

    @Test func `without a base nothing counts as shipped`() throws {
        let database = try stage.open(.command("cat > /dev/null; exit 3")) {
            $0.pauseMilliseconds = 10
        }
        try wait { database.shippingStatus?.isInTrouble == true }
        try stage.write(1, database)
        #expect(database.shippingStatus?.behindSince == Instant(milliseconds: 5_000_000))
        #expect(database.shippingStatus?.lastBase == nil)
        #expect(stage.said.withLock { $0 } == ["no base could be made: it ended with 3"])
    }

    @Test func `a place that hangs holds nobody up`() throws {
        let gate = stage.folder.path + "/gate"
        try "".write(toFile: gate, atomically: true, encoding: .utf8)
        let line = """
            mkdir -p '\(stage.place)'; while [ ! -e '\(gate)' ]; do sleep 0.05; done
            cat > "\(stage.place)/$KITH_FILE"
            """
        let database = try stage.open(.command(line)) { shipping in
            shipping.pauseMilliseconds = 10
            shipping.checkpointWaitMilliseconds = 100
            shipping.longestLogPages = 60
        }
        try database.shipBase()
        try FileManager.default.removeItem(atPath: gate)
        let start = Date()
        for id in 1...200 { try stage.write(id, database) }
        // Also those who ask how it stands.
        #expect(database.shippingStatus?.isInTrouble == true)
        #expect(Date().timeIntervalSince(start) < 10)
        // The log is cut, since it grows too long: at once, or when the writer has a moment.
        var last = 200
        try wait(seconds: 40) {
            last += 1
            try stage.write(last, database)
            return database.statistics.checkpoints > 0
        }

        try "".write(toFile: gate, atomically: true, encoding: .utf8)
        try wait(seconds: 40) {
            try stage.write(Int(stage.clock.source.now().milliseconds), database)
            return database.shippingStatus?.isInTrouble == false
        }
        try wait(seconds: 40) { database.shippingStatus?.behindSince == nil }
        let told = try database.read { try $0.all("SELECT id FROM note") { try $0[0] as Int } }
        #expect(try database.shipNow())
        #expect(try stage.restored().count == told.count)
    }

    @Test func `what a killed process left in the place and beside the store goes`() throws {
        let beside = stage.folder.path + "/store.db.base"
        let unfinished = stage.place + "/base-0000000000000001-0000000000000001.unfinished"
        try FileManager.default.createDirectory(
            atPath: stage.place,
            withIntermediateDirectories: true
        )
        for path in [beside, unfinished] {
            try "left".write(toFile: path, atomically: true, encoding: .utf8)
        }
        let database = try stage.open(.folder(stage.place))
        #expect(!FileManager.default.fileExists(atPath: beside))
        #expect(try database.shipNow())
        #expect(!FileManager.default.fileExists(atPath: unfinished))
    }

    @Test func `two stores do not ship into one folder`() throws {
        let first = try stage.open(.folder(stage.place))
        try first.shipBase()
        let second = try stage.open(.folder(stage.place), store: "other.db")
        #expect(try !second.shipNow())
        #expect(stage.said.withLock { $0.count } == 1)
        try stage.write(1, first)
        #expect(try first.shipNow())
        first.close()
        #expect(try second.shipNow())
    }

    @Test func `what was in a log that was taken away is shipped anew`() throws {
        let database = try stage.open(.folder(stage.place))
        try database.shipBase()
        try stage.write(1, database)
        #expect(try database.shipNow())
        let log = try #require(
            try FileManager.default.contentsOfDirectory(atPath: stage.place)
                .first { $0.hasPrefix("log") }
        )
        try FileManager.default.removeItem(atPath: "\(stage.place)/\(log)")
        try stage.write(2, database)
        #expect(try !database.shipNow())
        #expect(
            stage.said.withLock { $0.last?.hasSuffix("was moved, removed or replaced") } == true
        )
        #expect(try database.shipNow())
        #expect(try stage.restored() == [1, 2])
    }

    @Test func `an empty folder is not taken for the place that something was shipped to`() throws {
        var database = try stage.open(.folder(stage.place))
        try database.shipBase()
        try stage.write(1, database)
        database.close()
        // Nothing is mounted.
        let elsewhere = stage.folder.path + "/elsewhere"
        try FileManager.default.moveItem(atPath: stage.place, toPath: elsewhere)
        for isThere in [false, true] {
            if isThere {
                try FileManager.default.createDirectory(
                    atPath: stage.place,
                    withIntermediateDirectories: false
                )
            }
            database = try stage.open(.folder(stage.place))
            try stage.write(isThere ? 3 : 2, database)
            #expect(try !database.shipNow())
            #expect(stage.said.withLock { $0.last?.contains("is it mounted?") } == true)
            database.close()
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: stage.place) == [])

        try FileManager.default.removeItem(atPath: stage.place)
        try FileManager.default.moveItem(atPath: elsewhere, toPath: stage.place)
        database = try stage.open(.folder(stage.place))
        #expect(try database.shipNow())
        #expect(try stage.restored() == [1, 2, 3])
        database.close()

        // Emptied on purpose, which whoever did it says.
        try FileManager.default.removeItem(atPath: stage.place)
        database = try stage.open(.folder(stage.place))
        try stage.write(4, database)
        #expect(try !database.shipNow())
        try FileManager.default.removeItem(atPath: stage.folder.path + "/store.db.shipped")
        #expect(try database.shipNow())
        try database.shipBase()
        #expect(try stage.restored() == [1, 2, 3, 4])
    }

    @Test(arguments: [false, true])
    func `nothing is shipped beneath a place that is no longer mounted, however long that lasts`(
        isClosedMeanwhile: Bool
    ) throws {
        func open() throws -> Database {
            try stage.open(.folder(stage.place)) { $0.longestLogPages = 40 }
        }
        var database = try open()
        try database.shipBase()
        try stage.write(1, database)
        #expect(try database.shipNow())
        let elsewhere = stage.folder.path + "/elsewhere"
        try FileManager.default.moveItem(atPath: stage.place, toPath: elsewhere)
        try FileManager.default.createDirectory(
            atPath: stage.place,
            withIntermediateDirectories: false
        )
        // Until the log is cut, which keeps the store's own disk from filling up.
        var last = 1
        let isCut = try comes(every: 0) {
            last += 1
            try stage.write(last, database)
            _ = try database.shipNow()
            return database.statistics.checkpoints >= 2
        }
        try #require(isCut)
        if isClosedMeanwhile {
            database.close()
            database = try open()
            last += 1
            try stage.write(last, database)
        }
        #expect(throws: (any Error).self) { try database.shipBase() }
        _ = try database.shipNow()
        #expect(try FileManager.default.contentsOfDirectory(atPath: stage.place) == [])
        #expect(database.shippingStatus?.behindSince != nil)
        #expect(stage.said.withLock { $0.contains { $0.hasPrefix("nothing can be shipped to") } })

        try FileManager.default.removeItem(atPath: stage.place)
        try FileManager.default.moveItem(atPath: elsewhere, toPath: stage.place)
        last += 1
        try stage.write(last, database)
        _ = try database.shipNow()
        try database.shipBase()
        #expect(try stage.restored() == Array(1...last))
        #expect(database.shippingStatus?.behindSince == nil)
    }

    @Test func `a base that finds its place gone is made when it is back`() throws {
        let database = try stage.open(.folder(stage.place)) { $0.longestLogPages = 40 }
        try stage.write(1, database)
        _ = try database.shipNow()
        let elsewhere = stage.folder.path + "/elsewhere"
        try FileManager.default.moveItem(atPath: stage.place, toPath: elsewhere)
        try FileManager.default.createDirectory(
            atPath: stage.place,
            withIntermediateDirectories: false
        )
        #expect(throws: PlaceChanged.self) { try database.shipBase() }
        #expect(try FileManager.default.contentsOfDirectory(atPath: stage.place) == [])
        try FileManager.default.removeItem(atPath: stage.place)
        try FileManager.default.moveItem(atPath: elsewhere, toPath: stage.place)
        try stage.write(2, database)
        _ = try database.shipNow()
        try database.shipBase()
        #expect(try stage.restored() == [1, 2])
    }

    @Test func `another store's shipments do not follow this one's`() throws {
        let first = try stage.open(.folder(stage.place))
        try first.shipBase()
        try stage.write(1, first)
        #expect(try first.shipNow())
        let ended = stage.clock.source.now()
        first.close()
        // The same number, shipped by another store elsewhere, is put beside them.
        let elsewhere = stage.folder.path + "/third"
        let second = try stage.open(.folder(elsewhere), store: "other.db")
        try second.shipBase()
        for id in 10...12 {
            try stage.write(id, second)
            #expect(try second.shipNow())
        }
        let log = try #require(
            try FileManager.default.contentsOfDirectory(atPath: elsewhere)
                .first { $0.hasPrefix("log") }
        )
        try FileManager.default.copyItem(
            atPath: "\(elsewhere)/\(log)",
            toPath: "\(stage.place)/\(log)"
        )
        #expect(throws: RestoreRefused.damaged(stage.place, after: ended)) { try stage.restored() }
        #expect(try stage.restored(at: ended) == [1])
    }

    @Test func `shipments in another order are refused`() throws {
        let database = try stage.open(.folder(stage.place)) { $0.fileBytes = 1 }
        try database.shipBase()
        var times: [Instant] = []
        for id in 1...4 {
            try stage.write(id, database)
            #expect(try database.shipNow())
            times.append(stage.clock.source.now())
        }
        let logs = try FileManager.default.contentsOfDirectory(atPath: stage.place)
            .filter { $0.hasPrefix("log") }.sorted().map { "\(stage.place)/\($0)" }
        let spare = stage.folder.path + "/spare"
        try FileManager.default.moveItem(atPath: logs[1], toPath: spare)
        try FileManager.default.moveItem(atPath: logs[2], toPath: logs[1])
        try FileManager.default.moveItem(atPath: spare, toPath: logs[2])
        #expect(throws: RestoreRefused.damaged(stage.place, after: times[0])) {
            try stage.restored()
        }
    }
}
