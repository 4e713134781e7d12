import Basics
import Foundation
import Glibc
import TestSupport
import Testing

@testable import Store

/// The log is cut while the place, which takes long to answer, is looked at for the first time.
struct ShippingCutTests {
    private let folder: TestFolder
    private let clock = StandingClock(Instant(milliseconds: 5_000_000))

    init() throws {
        folder = try TestFolder(inMemory: true)
    }

    private var place: String { folder.path + "/second" }

    private func open() throws -> Database {
        var shipping = Shipping(to: .folder(place), seal: ShippedStore.turned, report: { _ in })
        shipping.pauseMilliseconds = 10
        shipping.checkpointWaitMilliseconds = 50
        shipping.longestLogPages = 60
        shipping.reserveBytes = 0
        var options = Database.Options()
        options.time = clock.source
        options.isDurable = false
        options.limits.idleCheckpointPages = 30
        options.shipping = shipping
        return try Database(file: folder.path + "/store.db", options: options)
    }

    /// Each of the two rows fills a page, so that each change is one frame.
    private func set(_ id: Int, _ count: Int, _ database: Database) throws {
        clock.advance(seconds: 1)
        let text = String(repeating: String(1_000_000 + count), count: 500)
        try database.write { change in
            try change.run(
                """
                INSERT INTO thing (id, text) VALUES (\(id), \(text))
                ON CONFLICT (id) DO UPDATE SET text = excluded.text
                """
            )
        }
    }

    private func restored(at time: Instant) throws -> [Int] {
        let target = folder.path + "/restored.db"
        try? FileManager.default.removeItem(atPath: target)
        _ = try Shipping.restore(from: place, at: time, to: target, open: ShippedStore.turned)
        return try counts(Database.open(forReading: target))
    }

    private func counts(_ database: Database) throws -> [Int] {
        try database.read { data in
            try data.all("SELECT text FROM thing ORDER BY id") { row in
                let text: String = try row[0]
                return (Int(text.prefix(7)) ?? 0) - 1_000_000
            }
        }
    }

    /// Writes to whoever has opened a pipe, and to nobody for ever.
    private func tell(_ content: Data, through pipe: String) throws {
        var descriptor: Int32 = -1
        let isRead = comes {
            descriptor = unsafe Glibc.open(pipe, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
            return descriptor >= 0
        }
        try #require(isRead, "nobody reads the base")
        defer { close(descriptor) }
        var rest = [UInt8](content)[...]
        let isTold = comes {
            let count = unsafe rest.withUnsafeBytes { bytes in
                unsafe write(descriptor, bytes.baseAddress, bytes.count)
            }
            // Whoever has read enough goes away.
            if count < 0 { return errno != EAGAIN && errno != EINTR }
            rest = rest.dropFirst(count)
            return rest.isEmpty
        }
        #expect(isTold)
    }

    @Test func `what follows the cut is not taken for what goes on from the last shipment`() throws
    {
        var database = try open()
        try database.write { change in
            try change.run("CREATE TABLE thing (id INTEGER NOT NULL PRIMARY KEY, text TEXT) STRICT")
        }
        for id in 1...2 { try set(id, 0, database) }
        try database.shipBase()
        let based = clock.source.now()
        database.close()

        // Whoever reads the base waits from here on.
        let name = try #require(
            try FileManager.default.contentsOfDirectory(atPath: place)
                .first { $0.hasPrefix("base") }
        )
        let base = "\(place)/\(name)"
        let content = try #require(FileManager.default.contents(atPath: base))
        try FileManager.default.removeItem(atPath: base)
        try #require(unsafe mkfifo(base, 0o600) == 0)
        database = try open()
        var last = 0
        let isCut = try comes(every: 0) {
            last += 1
            try set(1, last, database)
            return database.statistics.checkpoints > 0
        }
        try #require(isCut)
        // In the log that begins anew.
        for count in 1...50 { try set(2, count, database) }
        try tell(content, through: base)
        try FileManager.default.removeItem(atPath: base)
        try content.write(to: URL(filePath: base))
        try wait { database.shippingStatus?.behindSince == nil }

        let end = clock.source.now()
        for time in stride(from: based.milliseconds, through: end.milliseconds, by: 1000) {
            let found = try restored(at: Instant(milliseconds: time))
            try #require(found.count == 2)
            #expect(found[0] == last || found[1] == 0, "never was it \(found)")
        }
        #expect(try restored(at: end) == [last, 50])
        database.close()
    }
}
