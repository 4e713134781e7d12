import Basics
import FoundationEssentials
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Store

/// A store of a test's own that ships to a place of any kind, with a clock that stands still.
final class PlaceStage: Sendable {
    let folder: TestFolder
    let clock = StandingClock(Instant(milliseconds: 5_000_000))
    let said = Mutex<[String]>([])

    init() throws {
        folder = try TestFolder(inMemory: true)
    }

    var place: String { folder.path + "/second" }

    func open(
        _ place: Shipping.Place,
        store: String = "store.db",
        _ settings: (inout Shipping) -> Void = { _ in }
    ) throws -> Database {
        var shipping = Shipping(to: place) { bytes in
            bytes.map { $0 ^ 0xA5 }
        } report: { line in
            self.said.withLock { $0.append(line) }
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

    func write(_ id: Int, _ database: Database) throws {
        clock.advance(seconds: 1)
        try database.write { change in
            try change.run("INSERT INTO note (id, text) VALUES (\(id), hex(randomblob(3000)))")
        }
    }

    func restored(at time: Instant? = nil) throws -> [Int] {
        let target = folder.path + "/restored.db"
        try? FileManager.default.removeItem(atPath: target)
        _ = try Shipping.restore(from: place, at: time, to: target) { $0.map { $0 ^ 0xA5 } }
        let look = try Database.open(forReading: target)
        #expect(try look.check() == [])
        return try look.read { try $0.all("SELECT id FROM note ORDER BY id") { try $0[0] } }
    }
}
