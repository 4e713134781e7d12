import Basics
import FoundationEssentials
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Store

/// What happens with places that are slow, shut, shared or only a command.
struct ShippingPlaceTests {
    private let folder: TestFolder
    private let clock = StandingClock(Instant(milliseconds: 5_000_000))
    private let said = Said()

    private final class Said: Sendable {
        let lines = Mutex<[String]>([])
    }

    init() throws {
        folder = try TestFolder(inMemory: true)
        // As `main` does: a command that ends early is no reason to stop.
        signal(SIGPIPE, SIG_IGN)
    }

    private var place: String { folder.path + "/second" }

    private func open(
        _ place: Shipping.Place,
        store: String = "store.db",
        _ settings: (inout Shipping) -> Void = { _ in }
    ) throws -> Database {
        let said = said
        var shipping = Shipping(to: place) { bytes in
            bytes.map { $0 ^ 0xA5 }
        } report: { line in
            said.lines.withLock { $0.append(line) }
        }
        shipping.pauseMilliseconds = 3_600_000
        shipping.checkpointWaitMilliseconds = 10_000
        shipping.reserveBytes = 0
        settings(&shipping)
        var options = Database.Options()
        options.time = clock.source
        options.isDurable = false
        options.limits.idleCheckpointPages = 12
        options.shipping = shipping
        let database = try Database(file: folder.path + "/" + store, options: options)
        try database.write { change in
            try change.run(
                "CREATE TABLE IF NOT EXISTS note (id INTEGER NOT NULL PRIMARY KEY, text TEXT) STRICT"
            )
        }
        return database
    }

    private func write(_ id: Int, _ database: Database) throws {
        clock.advance(seconds: 1)
        try database.write { change in
            try change.run("INSERT INTO note (id, text) VALUES (\(id), hex(randomblob(3000)))")
        }
    }

    private func restored(at time: Instant? = nil) throws -> [Int] {
        let target = folder.path + "/restored.db"
        try? FileManager.default.removeItem(atPath: target)
        _ = try Shipping.restore(from: place, at: time, to: target) { $0.map { $0 ^ 0xA5 } }
        let look = try Database.open(forReading: target)
        #expect(try look.check() == [])
        return try look.read { try $0.all("SELECT id FROM note ORDER BY id") { try $0[0] } }
    }

    @Test func `commits that were shipped together can be told apart`() throws {
        let database = try open(.folder(place))
        try database.shipBase()
        var times: [Instant] = []
        for id in 1...20 {
            try write(id, database)
            times.append(clock.source.now())
        }
        #expect(try database.shipNow())
        for (index, time) in times.enumerated() {
            #expect(try restored(at: time) == Array(1...index + 1))
        }
    }

    @Test func `a command gets every shipment, also after a restart`() throws {
        let command = Shipping.Place.command("mkdir -p '\(place)'; cat > \"\(place)/$KITH_FILE\"")
        var database = try open(command)
        try database.shipBase()
        for id in 1...40 {
            try write(id, database)
            if id % 7 == 0 { #expect(try database.shipNow()) }
            if id % 11 == 0 {
                database.close()
                database = try open(command)
            }
        }
        #expect(try database.shipNow())
        #expect(try restored() == Array(1...40))
        #expect(said.lines.withLock { $0 } == [])
        let bases = try FileManager.default.contentsOfDirectory(atPath: place)
            .filter { $0.hasPrefix("base") }
        #expect(bases.count == 1, "a restart is no reason for another base")
    }

    @Test func `a store that was restored ships to the same command without confusion`() throws {
        let command = Shipping.Place.command("mkdir -p '\(place)'; cat > \"\(place)/$KITH_FILE\"")
        let first = try open(command)
        try first.shipBase()
        for id in 1...5 { try write(id, first) }
        #expect(try first.shipNow())
        let before = clock.source.now()
        first.close()
        let second = try open(command, store: "other.db")
        for id in 100...102 { try write(id, second) }
        try second.shipBase()
        try write(103, second)
        #expect(try second.shipNow())
        #expect(try restored() == [100, 101, 102, 103])
        #expect(try restored(at: before) == [1, 2, 3, 4, 5])
    }

    @Test(arguments: ["exit 3", "cat > /dev/null; exit 3", "cat > /dev/null; kill -9 $$", "nosuch"])
    func `a command that fails has taken nothing`(line: String) throws {
        let command = "case $KITH_FILE in base-*) cat > /dev/null ;; *) \(line) ;; esac"
        let database = try open(.command(command))
        try database.shipBase()
        try write(1, database)
        #expect(try !database.shipNow())
        #expect(try !database.shipNow())
        #expect(said.lines.withLock { $0.count } == 1, "one line, however often it is tried")
        #expect(database.shippingStatus?.isInTrouble == true)
        #expect(database.shippingStatus?.behindSince != nil)
    }

    @Test func `a command whose end nobody can tell has not ended well`() {
        // It is no process of ours.
        #expect(throws: CommandTrouble.self) { try CommandRun.status(of: 1) }
    }

    @Test func `without a base nothing counts as shipped`() throws {
        let database = try open(.command("cat > /dev/null; exit 3")) { $0.pauseMilliseconds = 10 }
        try wait { database.shippingStatus?.isInTrouble == true }
        try write(1, database)
        #expect(database.shippingStatus?.behindSince == Instant(milliseconds: 5_000_000))
        #expect(database.shippingStatus?.lastBase == nil)
        #expect(said.lines.withLock { $0 } == ["no base could be made: it ended with 3"])
    }

    @Test func `a place that hangs holds nobody up`() throws {
        let gate = folder.path + "/gate"
        try "".write(toFile: gate, atomically: true, encoding: .utf8)
        let line = """
            mkdir -p '\(place)'; while [ ! -e '\(gate)' ]; do sleep 0.05; done
            cat > "\(place)/$KITH_FILE"
            """
        let database = try open(.command(line)) { shipping in
            shipping.pauseMilliseconds = 10
            shipping.checkpointWaitMilliseconds = 100
            shipping.longestLogPages = 60
        }
        try database.shipBase()
        try FileManager.default.removeItem(atPath: gate)
        let start = Date()
        for id in 1...200 { try write(id, database) }
        // Also those who ask how it stands.
        #expect(database.shippingStatus?.isInTrouble == true)
        #expect(Date().timeIntervalSince(start) < 10)
        // The log is cut, since it grows too long: at once, or when the writer has a moment.
        var last = 200
        try wait(seconds: 40) {
            last += 1
            try write(last, database)
            return database.statistics.checkpoints > 0
        }

        try "".write(toFile: gate, atomically: true, encoding: .utf8)
        try wait(seconds: 40) {
            try write(Int(clock.source.now().milliseconds), database)
            return database.shippingStatus?.isInTrouble == false
        }
        try wait(seconds: 40) { database.shippingStatus?.behindSince == nil }
        let told = try database.read { try $0.all("SELECT id FROM note") { try $0[0] as Int } }
        #expect(try database.shipNow())
        #expect(try restored().count == told.count)
    }

    @Test func `a base that is old is followed by another, and what is no longer kept goes`() throws
    {
        let database = try open(.folder(place)) { shipping in
            shipping.pauseMilliseconds = 10
            shipping.baseMinutes = 60
            shipping.keepMinutes = 90
        }
        func bases() throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: place)
                .filter { $0.hasPrefix("base") && !$0.hasSuffix(".unfinished") }.count
        }
        try wait { database.shippingStatus?.lastBase != nil }
        for hour in 1...4 {
            clock.advance(seconds: 3600)
            try write(hour, database)
            let now = clock.source.now()
            try wait { database.shippingStatus?.lastBase == now }
        }
        try wait { try bases() == 3 }
        #expect(try restored() == [1, 2, 3, 4])
        #expect(try restored(at: clock.source.now().adding(minutes: -90)) == [1, 2])
    }

    @Test func `a base made while the clock was ahead is followed by one when it is right`() throws
    {
        let database = try open(.folder(place)) { $0.pauseMilliseconds = 10 }
        try wait { database.shippingStatus?.lastBase != nil }
        for (id, days) in [(1, 42), (2, -42)] as [(Int, Int64)] {
            clock.advance(seconds: days * 86_400)
            try write(id, database)
            let now = clock.source.now()
            try wait { database.shippingStatus?.lastBase == now }
        }
        #expect(try restored() == [1, 2])
    }

    @Test func `without room for a copy no base is begun, which is told once`() throws {
        let database = try open(.folder(place)) { shipping in
            shipping.pauseMilliseconds = 10
            shipping.reserveBytes = 1 << 60
        }
        try wait { database.shippingStatus?.isInTrouble == true }
        for id in 1...5 { try write(id, database) }
        usleep(500_000)
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/store.db.base"))
        let told = said.lines.withLock { $0 }
        #expect(told.count == 1)
        #expect(told.first?.hasPrefix("no base could be made: 1099511627776 MB must be") == true)
    }

    @Test func `a base that could not be made is not tried again with each change`() throws {
        let tries = folder.path + "/tries"
        let database = try open(.command("echo $KITH_FILE >> '\(tries)'; exit 3")) {
            $0.pauseMilliseconds = 10
        }
        try wait { database.shippingStatus?.isInTrouble == true }
        for id in 1...10 {
            try write(id, database)
            usleep(50_000)
        }
        let lines = try String(contentsOfFile: tries, encoding: .utf8).split(separator: "\n")
        #expect(lines.count { $0.hasPrefix("base") } == 1)
    }

    @Test func `what a killed process left in the place and beside the store goes`() throws {
        let beside = folder.path + "/store.db.base"
        let unfinished = place + "/base-0000000000000001-0000000000000001.unfinished"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        for path in [beside, unfinished] {
            try "left".write(toFile: path, atomically: true, encoding: .utf8)
        }
        let database = try open(.folder(place))
        #expect(!FileManager.default.fileExists(atPath: beside))
        #expect(try database.shipNow())
        #expect(!FileManager.default.fileExists(atPath: unfinished))
    }

    @Test func `two stores do not ship into one folder`() throws {
        let first = try open(.folder(place))
        try first.shipBase()
        let second = try open(.folder(place), store: "other.db")
        #expect(try !second.shipNow())
        #expect(said.lines.withLock { $0.count } == 1)
        try write(1, first)
        #expect(try first.shipNow())
        first.close()
        #expect(try second.shipNow())
    }

    @Test func `what was in a log that was taken away is shipped anew`() throws {
        let database = try open(.folder(place))
        try database.shipBase()
        try write(1, database)
        #expect(try database.shipNow())
        let log = try #require(
            try FileManager.default.contentsOfDirectory(atPath: place)
                .first { $0.hasPrefix("log") }
        )
        try FileManager.default.removeItem(atPath: "\(place)/\(log)")
        try write(2, database)
        #expect(try !database.shipNow())
        #expect(
            said.lines.withLock { $0.last?.hasSuffix("was moved, removed or replaced") } == true
        )
        #expect(try database.shipNow())
        #expect(try restored() == [1, 2])
    }

    @Test func `an empty folder is not taken for the place that something was shipped to`() throws {
        var database = try open(.folder(place))
        try database.shipBase()
        try write(1, database)
        database.close()
        // Nothing is mounted.
        let elsewhere = folder.path + "/elsewhere"
        try FileManager.default.moveItem(atPath: place, toPath: elsewhere)
        for isThere in [false, true] {
            if isThere {
                try FileManager.default.createDirectory(
                    atPath: place,
                    withIntermediateDirectories: false
                )
            }
            database = try open(.folder(place))
            try write(isThere ? 3 : 2, database)
            #expect(try !database.shipNow())
            #expect(said.lines.withLock { $0.last?.contains("is it mounted?") } == true)
            database.close()
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: place) == [])

        try FileManager.default.removeItem(atPath: place)
        try FileManager.default.moveItem(atPath: elsewhere, toPath: place)
        database = try open(.folder(place))
        #expect(try database.shipNow())
        #expect(try restored() == [1, 2, 3])
        database.close()

        // Emptied on purpose, which whoever did it says.
        try FileManager.default.removeItem(atPath: place)
        database = try open(.folder(place))
        try write(4, database)
        #expect(try !database.shipNow())
        try FileManager.default.removeItem(atPath: folder.path + "/store.db.shipped")
        #expect(try database.shipNow())
        try database.shipBase()
        #expect(try restored() == [1, 2, 3, 4])
    }

    @Test func `a change too large to be shipped is left to a base`() throws {
        let database = try open(.folder(place)) { $0.longestCommitBytes = 200_000 }
        try database.shipBase()
        try write(1, database)
        #expect(try database.shipNow())
        #expect(database.shippingStatus?.behindSince == nil)
        clock.advance(seconds: 1)
        try database.write { change in
            for id in 2...100 {
                try change.run("INSERT INTO note (id, text) VALUES (\(id), hex(randomblob(3000)))")
            }
        }
        #expect(try database.shipNow())
        #expect(database.shippingStatus?.behindSince != nil)
        #expect(
            said.lines.withLock { $0 }
                == ["a change is too large to be shipped: a base is made anew"]
        )
        #expect(try restored() == [1])
        try database.shipBase()
        try write(101, database)
        #expect(try database.shipNow())
        #expect(database.shippingStatus?.behindSince == nil)
        #expect(try restored() == Array(1...101))
    }

    @Test func `another store's shipments do not follow this one's`() throws {
        let first = try open(.folder(place))
        try first.shipBase()
        try write(1, first)
        #expect(try first.shipNow())
        let ended = clock.source.now()
        first.close()
        // The same number, shipped by another store elsewhere, is put beside them.
        let elsewhere = folder.path + "/third"
        let second = try open(.folder(elsewhere), store: "other.db")
        try second.shipBase()
        for id in 10...12 {
            try write(id, second)
            #expect(try second.shipNow())
        }
        let log = try #require(
            try FileManager.default.contentsOfDirectory(atPath: elsewhere)
                .first { $0.hasPrefix("log") }
        )
        try FileManager.default.copyItem(atPath: "\(elsewhere)/\(log)", toPath: "\(place)/\(log)")
        #expect(throws: RestoreRefused.damaged(place, after: ended)) { try restored() }
        #expect(try restored(at: ended) == [1])
    }

    @Test func `shipments in another order are refused`() throws {
        let database = try open(.folder(place)) { $0.fileBytes = 1 }
        try database.shipBase()
        var times: [Instant] = []
        for id in 1...4 {
            try write(id, database)
            #expect(try database.shipNow())
            times.append(clock.source.now())
        }
        let logs = try FileManager.default.contentsOfDirectory(atPath: place)
            .filter { $0.hasPrefix("log") }.sorted().map { "\(place)/\($0)" }
        let spare = folder.path + "/spare"
        try FileManager.default.moveItem(atPath: logs[1], toPath: spare)
        try FileManager.default.moveItem(atPath: logs[2], toPath: logs[1])
        try FileManager.default.moveItem(atPath: spare, toPath: logs[2])
        #expect(throws: RestoreRefused.damaged(place, after: times[0])) { try restored() }
    }
}
