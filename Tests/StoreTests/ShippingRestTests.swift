import Basics
import Synchronization
import TestSupport
import Testing

@testable import Store

/// Whether a closed store is known to have all of it in its second place.
struct ShippingRestTests {
    private let folder: TestFolder
    private let clock = StandingClock(Instant(milliseconds: 5_000_000))
    private let place = Place()

    private final class Place: Sendable {
        let isOutOfReach = Atomic(false)
    }

    init() throws {
        folder = try TestFolder()
    }

    private var path: String { folder.path + "/store.db" }

    private func shipping(_ place: String = "second") -> Shipping {
        let reach = self.place
        var shipping = Shipping(to: .folder("\(folder.path)/\(place)")) { bytes in
            guard !reach.isOutOfReach.load(ordering: .relaxed) else {
                throw StoreUnavailable.ioFailure
            }
            return bytes.map { $0 ^ 0xA5 }
        } report: { _ in
        }
        shipping.pauseMilliseconds = 3_600_000
        shipping.closingWaitMilliseconds = 300
        return shipping
    }

    private func open(_ shipping: Shipping?) throws -> Database {
        var options = Database.Options()
        options.time = clock.source
        options.shipping = shipping
        let database = try Database(file: path, options: options)
        try database.write { change in
            try change.run(
                "CREATE TABLE IF NOT EXISTS note (id INTEGER NOT NULL PRIMARY KEY) STRICT"
            )
            try change.run("INSERT INTO note DEFAULT VALUES")
        }
        return database
    }

    @Test func `one that was closed with everything shipped has it all, until it is written to`()
        throws
    {
        #expect(shipping().hasAll(of: path), "there is no store")
        var database = try open(shipping())
        try database.shipBase()
        #expect(!shipping().hasAll(of: path), "it is open")
        database.close()
        #expect(shipping().hasAll(of: path))
        #expect(!shipping("third").hasAll(of: path))

        database = try open(shipping())
        #expect(!shipping().hasAll(of: path))
        database.close()
        #expect(shipping().hasAll(of: path))

        // By somebody who ships nothing.
        try open(nil).close()
        #expect(!shipping().hasAll(of: path))
    }

    @Test func `one that was closed before everything was shipped has not`() throws {
        var database = try open(shipping())
        database.close()
        #expect(!shipping().hasAll(of: path), "there is no base")
        database = try open(shipping())
        try database.shipBase()
        place.isOutOfReach.store(true, ordering: .relaxed)
        try database.write { try $0.run("INSERT INTO note DEFAULT VALUES") }
        database.close()
        #expect(!shipping().hasAll(of: path))
    }

    @Test func `one whose process was killed has not`() throws {
        let database = try open(shipping())
        try database.shipBase()
        #expect(try database.shipNow())
        database.shipper?.letGo()
        #expect(!shipping().hasAll(of: path))
        database.close()
    }
}
