import Basics
import FoundationEssentials
import Synchronization
import TestSupport
import Testing

@testable import Store

/// A store that ships, in a folder of the test's own, with a clock that stands still.
final class ShippedStore: Sendable {
    let folder: TestFolder
    let clock = StandingClock(Instant(milliseconds: 1_000_000))
    let reports = Mutex<[String]>([])
    let isBroken = Mutex(false)
    let longestLogPages: Int
    let keepMinutes: Int64
    let baseMinutes: Int64
    private let generation = Mutex(0)
    private let states = Mutex<[Instant: String]>([:])

    init(
        longestLogPages: Int = 65_536,
        keepMinutes: Int64 = 1_000_000,
        baseMinutes: Int64 = 24 * 60
    ) throws {
        folder = try TestFolder(inMemory: true)
        self.baseMinutes = baseMinutes
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
            return ShippedStore.turned(bytes)
        } report: { line in
            if !isDead() { self.reports.withLock { $0.append(line) } }
        }
        // Nothing in the background: the test says when.
        shipping.pauseMilliseconds = 3_600_000
        shipping.checkpointWaitMilliseconds = 10_000
        shipping.keepMinutes = keepMinutes
        shipping.baseMinutes = baseMinutes
        shipping.reserveBytes = 0
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
        let state = try? ShippedStore.state(of: database)
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
            open: ShippedStore.turned
        )
        let look = try Database.open(forReading: target)
        #expect(try look.check() == [])
        return (try ShippedStore.state(of: look), restored)
    }

    func files(_ kind: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: shippedPath)
            .filter { $0.hasPrefix(kind) }.sorted().map { shippedPath + "/" + $0 }
    }
}
