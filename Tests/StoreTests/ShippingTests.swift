import Basics
import Dispatch
import FoundationEssentials
import Synchronization
import TestSupport
import Testing

@testable import Store

struct ShippingTests {
    /// A store that ships, in a folder of the test's own, with a clock that stands still.
    private final class Shop: Sendable {
        let folder: TestFolder
        let clock = StandingClock(Instant(milliseconds: 1_000_000))
        let reports = Mutex<[String]>([])
        let isBroken = Mutex(false)
        let longestLogPages: Int
        let keepMinutes: Int64
        private let generation = Mutex(0)
        private let states = Mutex<[Instant: String]>([:])

        init(longestLogPages: Int = 65_536, keepMinutes: Int64 = 1_000_000) throws {
            folder = try TestFolder(inMemory: true)
            self.keepMinutes = keepMinutes
            self.longestLogPages = longestLogPages
        }

        var storePath: String { folder.path + "/store-\(generation.withLock { $0 }).db" }
        var shippedPath: String { folder.path + "/second" }

        func open() throws -> Database {
            let mine = generation.withLock { $0 }
            let isDead: @Sendable () -> Bool = { self.generation.withLock { $0 } != mine }
            var shipping = Shipping(to: .folder(shippedPath)) { bytes in
                // The dead ship nothing.
                if self.isBroken.withLock({ $0 }) || isDead() { throw Stop() }
                return Shop.turned(bytes)
            } report: { line in
                if !isDead() { self.reports.withLock { $0.append(line) } }
            }
            // Nothing in the background: the test says when.
            shipping.pauseMilliseconds = 3_600_000
            shipping.checkpointWaitMilliseconds = 10_000
            shipping.keepMinutes = keepMinutes
            shipping.fileBytes = 60_000
            shipping.shipmentBytes = 20_000
            shipping.longestLogPages = longestLogPages
            var options = Database.Options()
            options.time = clock.source
            options.isDurable = false
            options.limits.idleCheckpointPages = 12
            options.shipping = shipping
            let database = try Database(file: storePath, options: options)
            try database.write { change in
                try change.run(
                    """
                    CREATE TABLE IF NOT EXISTS thing (
                        id INTEGER NOT NULL PRIMARY KEY,
                        text TEXT NOT NULL
                    ) STRICT
                    """
                )
            }
            note(database)
            return database
        }

        /// Stands for encryption: nothing in it can be read as it is, and it is its own opposite.
        @Sendable static func turned(_ bytes: [UInt8]) -> [UInt8] {
            bytes.map { $0 ^ 0xA5 }
        }

        /// Goes on, as a process that was killed would find it, with the file and its log alone.
        func crash(_ database: Database) throws -> Database {
            let old = storePath
            generation.withLock { $0 += 1 }
            database.shipper?.letGo()
            for end in ["", "-wal", ".shipped"] {
                try FileManager.default.copyItem(atPath: old + end, toPath: storePath + end)
            }
            return try open()
        }

        func change(_ database: Database, _ random: RandomSource) throws {
            clock.advance(seconds: 1)
            let id = random.number(below: 60)
            let kind = random.number(below: 6)
            let text = String(
                repeating: "\(random.number(below: 1000)) ",
                count: random.number(below: 1500)
            )
            try database.write { change in
                // Something in any case, so that every change is a commit.
                try change.run(
                    """
                    INSERT INTO thing (id, text) VALUES (1000, \("\(change.now.milliseconds)"))
                    ON CONFLICT (id) DO UPDATE SET text = excluded.text
                    """
                )
                if kind == 0 {
                    try change.run("DELETE FROM thing WHERE id < 1000 AND id % 3 = \(id % 3)")
                } else {
                    try change.run(
                        """
                        INSERT INTO thing (id, text) VALUES (\(id), \(text))
                        ON CONFLICT (id) DO UPDATE SET text = excluded.text
                        """
                    )
                }
            }
            note(database)
        }

        private func note(_ database: Database) {
            let now = clock.source.now()
            let state = try? Shop.state(of: database)
            states.withLock { $0[now] = state }
        }

        static func state(of database: Database) throws -> String {
            let lines = try database.read { snapshot in
                try snapshot.all("SELECT id, text FROM thing ORDER BY id") { row in
                    let line: (Int, String) = (try row[0], try row[1])
                    return "\(line.0) \(Checksum(of: line.1))"
                }
            }
            return lines.joined(separator: "\n")
        }

        func state(at time: Instant) -> String? { states.withLock { $0[time] } }

        /// The state a restore gives, and what it says about itself.
        func restore(
            at time: Instant? = nil,
            despiteDamage: Bool = false
        ) throws -> (state: String, restored: Restored) {
            let target = folder.path + "/restored.db"
            try? FileManager.default.removeItem(atPath: target)
            let restored = try Shipping.restore(
                from: shippedPath,
                at: time,
                to: target,
                despiteDamage: despiteDamage,
                open: Shop.turned
            )
            let look = try Database.open(forReading: target)
            #expect(try look.check() == [])
            return (try Shop.state(of: look), restored)
        }

        func files(_ kind: String) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: shippedPath)
                .filter { $0.hasPrefix(kind) }.sorted().map { shippedPath + "/" + $0 }
        }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `the store can be restored as it was after any shipment`(seed: UInt64) throws {
        let shop = try Shop()
        let random = RandomSource.seeded(seed)
        var database = try shop.open()
        try database.shipBase()
        let first = shop.clock.source.now()
        var shipped: [Instant] = [first]
        for _ in 0..<90 {
            try shop.change(database, random)
            switch random.number(below: 12) {
            case 0...4:
                #expect(try database.shipNow())
                shipped.append(shop.clock.source.now())
            case 5:
                try database.shipBase()
                shipped.append(shop.clock.source.now())
            case 6:
                database.close()
                shipped.append(shop.clock.source.now())
                database = try shop.open()
            case 7: database = try shop.crash(database)
            default: break
            }
        }
        let end = shop.clock.source.now()
        #expect(try database.shipNow())
        shipped.append(end)
        #expect(shop.reports.withLock { $0 } == [])

        for seconds in stride(
            from: 0,
            through: (end.milliseconds - first.milliseconds) / 1000,
            by: 7
        ) {
            let wanted = first.adding(seconds: seconds)
            let (state, restored) = try shop.restore(at: wanted)
            #expect(restored.ending == .whole)
            #expect(restored.time <= wanted)
            #expect(restored.time >= (shipped.last { $0 <= wanted } ?? first))
            #expect(state == shop.state(at: restored.time), "at \(seconds)")
        }
        let (last, restored) = try shop.restore()
        #expect(restored.time == end)
        #expect(try last == Shop.state(of: database))
    }

    @Test func `before a checkpoint everything is shipped`() throws {
        let shop = try Shop()
        let random = RandomSource.seeded(5)
        let database = try shop.open()
        try database.shipBase()
        for _ in 0..<60 { try shop.change(database, random) }
        // Once the checkpoint that may be going on is over, no more is shipped.
        database.settle()
        shop.isBroken.withLock { $0 = true }
        #expect(database.statistics.checkpoints > 3)
        let (state, restored) = try shop.restore()
        #expect(state == shop.state(at: restored.time))
        #expect(restored.time > Instant(milliseconds: 1_030_000), "not only what the base has")
    }

    @Test func `what cannot be shipped is kept, and shipped when it can`() throws {
        let shop = try Shop()
        let random = RandomSource.seeded(6)
        let database = try shop.open()
        try database.shipBase()
        shop.isBroken.withLock { $0 = true }
        for _ in 0..<40 { try shop.change(database, random) }
        #expect(try !database.shipNow())
        #expect(database.shippingStatus?.behindSince != nil)
        #expect(database.statistics.checkpoints == 0)
        shop.isBroken.withLock { $0 = false }
        #expect(try database.shipNow())
        #expect(database.shippingStatus?.behindSince == nil)
        let said = shop.reports.withLock { $0 }
        #expect(said.count == 2, "that it stopped, and that it goes on: \(said)")
        #expect(try shop.restore().state == Shop.state(of: database))
    }

    @Test func `when the log grows too long it is cut, and a new base follows`() throws {
        let shop = try Shop(longestLogPages: 40)
        let random = RandomSource.seeded(7)
        let database = try shop.open()
        try database.shipBase()
        try shop.change(database, random)
        #expect(try database.shipNow())
        let before = shop.clock.source.now()
        shop.isBroken.withLock { $0 = true }
        for _ in 0..<60 { try shop.change(database, random) }
        #expect(database.statistics.checkpoints > 0)
        shop.isBroken.withLock { $0 = false }
        for _ in 0..<5 { try shop.change(database, random) }
        let (lost, restored) = try shop.restore()
        #expect(lost == shop.state(at: before), "nothing after the cut leads anywhere yet")
        #expect(restored.time == before)

        try database.shipBase()
        let based = shop.clock.source.now()
        try shop.change(database, random)
        #expect(try database.shipNow())
        #expect(try shop.restore().state == Shop.state(of: database))
        #expect(try shop.restore(at: before).state == shop.state(at: before))
        let (early, found) = try shop.restore(at: before.adding(seconds: 9))
        #expect(early == shop.state(at: before))
        #expect(found.ending == .gap(until: based), "what was never shipped is told of")
    }

    @Test func `a store that was put back behind our back gets a new base`() throws {
        let shop = try Shop()
        let random = RandomSource.seeded(8)
        var database = try shop.open()
        try database.shipBase()
        for _ in 0..<5 { try shop.change(database, random) }
        database.close()
        let old = shop.storePath + "-old"
        try FileManager.default.copyItem(atPath: shop.storePath, toPath: old)
        try FileManager.default.copyItem(atPath: shop.storePath + "-wal", toPath: old + "-wal")
        database = try shop.open()
        for _ in 0..<5 { try shop.change(database, random) }
        database.close()
        let before = shop.clock.source.now()

        for end in ["", "-wal"] {
            try FileManager.default.removeItem(atPath: shop.storePath + end)
            try FileManager.default.copyItem(atPath: old + end, toPath: shop.storePath + end)
        }
        shop.clock.advance(seconds: 1)
        database = try shop.open()
        for _ in 0..<20 { try shop.change(database, random) }
        #expect(try database.shipNow())
        #expect(shop.reports.withLock { $0.count } == 1)
        try database.shipBase()
        #expect(try shop.restore().state == Shop.state(of: database))
        #expect(try shop.restore(at: before).state == shop.state(at: before))
    }

    @Test func `after a time without a second folder there is a new base`() throws {
        let shop = try Shop()
        let random = RandomSource.seeded(12)
        var database = try shop.open()
        try database.shipBase()
        for _ in 0..<5 { try shop.change(database, random) }
        database.close()
        for _ in 0..<2 {
            let other = try Database(file: shop.storePath)
            try other.write { try $0.run("DELETE FROM thing") }
            other.close()
        }
        database = try shop.open()
        try shop.change(database, random)
        #expect(try database.shipNow())
        #expect(shop.reports.withLock { $0.count } == 1)
        try database.shipBase()
        #expect(try shop.restore().state == Shop.state(of: database))
    }

    @Test func `a base is made by itself when one is needed`() throws {
        let folder = try TestFolder()
        var options = Database.Options()
        var shipping = Shipping(to: .folder(folder.path + "/second")) { bytes in
            Shop.turned(bytes)
        } report: { _ in
        }
        shipping.pauseMilliseconds = 0
        options.shipping = shipping
        let database = try Database(file: folder.path + "/store.db", options: options)
        try wait { database.shippingStatus?.lastBase != nil }
        database.close()
        let target = folder.path + "/restored.db"
        let restored = try Shipping.restore(
            from: folder.path + "/second",
            to: target,
            open: Shop.turned
        )
        #expect(restored.ending == .whole)
    }

    @Test func `damage is never taken for a store`() throws {
        let shop = try Shop()
        let random = RandomSource.seeded(9)
        let database = try shop.open()
        try database.shipBase()
        for _ in 0..<10 {
            try shop.change(database, random)
            #expect(try database.shipNow())
        }
        database.close()
        let logs = try shop.files("log")
        for attempt in 0..<60 {
            let path = logs[random.number(below: logs.count)]
            let whole = try Data(contentsOf: URL(filePath: path))
            var bytes = [UInt8](whole)
            if attempt % 3 == 0 {
                bytes.removeLast(1 + random.number(below: bytes.count - 1))
            } else {
                bytes[random.number(below: bytes.count)] ^= UInt8(1 << random.number(below: 8))
            }
            try Data(bytes).write(to: URL(filePath: path))
            let (state, restored) = try shop.restore(despiteDamage: true)
            #expect(state == shop.state(at: restored.time))
            if attempt % 3 != 0 {
                #expect(restored.ending == .damaged)
                #expect(throws: RestoreRefused.self) { try shop.restore() }
            }
            try whole.write(to: URL(filePath: path))
        }
    }

    @Test func `if a base is damaged the one before it serves`() throws {
        let shop = try Shop()
        let random = RandomSource.seeded(10)
        let database = try shop.open()
        try database.shipBase()
        for _ in 0..<5 { try shop.change(database, random) }
        try database.shipBase()
        let base = try #require(try shop.files("base").last)
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: base)))
        bytes[bytes.count / 2] ^= 1
        try Data(bytes).write(to: URL(filePath: base))
        let (state, restored) = try shop.restore()
        #expect(restored.ending == .whole)
        #expect(try state == Shop.state(of: database))
        for base in try shop.files("base") { try FileManager.default.removeItem(atPath: base) }
        #expect(throws: RestoreRefused.nothingShipped(shop.shippedPath)) { try shop.restore() }
    }

    @Test func `nothing leaves the store unsealed`() throws {
        let shop = try Shop()
        let database = try shop.open()
        let secret = "something nobody else may read"
        try database.write { try $0.run("INSERT INTO thing (id, text) VALUES (1, \(secret))") }
        try database.shipBase()
        try database.write { try $0.run("UPDATE thing SET text = text || \(secret)") }
        #expect(try database.shipNow())
        let files = try shop.files("base") + shop.files("log")
        #expect(files.count == 2)
        for file in files {
            let bytes = [UInt8](try Data(contentsOf: URL(filePath: file)))
            #expect(bytes.firstRange(of: Array(secret.utf8)) == nil)
            #expect(Shop.turned(bytes).firstRange(of: Array(secret.utf8)) != nil)
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: shop.folder.path)
        #expect(!left.contains { $0.hasSuffix(".base") }, "and no copy is left behind")
    }

    @Test func `what is only needed for longer ago is removed`() throws {
        let shop = try Shop(keepMinutes: 1)
        let random = RandomSource.seeded(11)
        let database = try shop.open()
        var times: [Instant] = []
        for _ in 0..<5 {
            for _ in 0..<20 { try shop.change(database, random) }
            try database.shipBase()
            times.append(shop.clock.source.now())
        }
        // A minute is kept, and the base before it begins.
        #expect(try shop.files("base").count == 4)
        for time in times.dropFirst() {
            let (state, restored) = try shop.restore(at: time.adding(seconds: 3))
            #expect(restored.ending == .whole)
            #expect(state == shop.state(at: restored.time))
        }
        #expect(throws: RestoreRefused.tooEarly(shop.shippedPath, times[1])) {
            try shop.restore(at: times[0])
        }
        #expect(try shop.files("log").count < 25)
    }

    @Test func `a restore puts nothing in the place of something`() throws {
        let shop = try Shop()
        let database = try shop.open()
        try database.shipBase()
        #expect(throws: StoreRefusedToOpen.self) {
            try Shipping.restore(from: shop.shippedPath, to: shop.storePath, open: Shop.turned)
        }
    }
}
