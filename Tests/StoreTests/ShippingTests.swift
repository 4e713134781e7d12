import Basics
import Dispatch
import FoundationEssentials
import Synchronization
import TestSupport
import Testing

@testable import Store

struct ShippingTests {
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `the store can be restored as it was after any shipment`(seed: UInt64) throws {
        let store = try ShippedStore()
        let random = RandomSource.seeded(seed)
        var database = try store.open()
        try database.shipBase()
        let first = store.clock.source.now()
        var shipped: [Instant] = [first]
        for _ in 0..<90 {
            try store.change(database, random)
            switch random.number(below: 12) {
            case 0...4:
                #expect(try database.shipNow())
                shipped.append(store.clock.source.now())
            case 5:
                try database.shipBase()
                shipped.append(store.clock.source.now())
            case 6:
                database.close()
                shipped.append(store.clock.source.now())
                database = try store.open()
            case 7: database = try store.crash(database)
            default: break
            }
        }
        let end = store.clock.source.now()
        #expect(try database.shipNow())
        shipped.append(end)
        #expect(store.reports.withLock { $0 } == [])

        for seconds in stride(
            from: 0,
            through: (end.milliseconds - first.milliseconds) / 1000,
            by: 7
        ) {
            let wanted = first.adding(seconds: seconds)
            let (state, restored) = try store.restore(at: wanted)
            #expect(restored.ending == .whole)
            #expect(restored.time <= wanted)
            #expect(restored.time >= (shipped.last { $0 <= wanted } ?? first))
            #expect(state == store.state(at: restored.time), "at \(seconds)")
        }
        let (last, restored) = try store.restore()
        #expect(restored.time == end)
        #expect(try last == ShippedStore.state(of: database))
    }

    @Test func `before a checkpoint everything is shipped`() throws {
        let store = try ShippedStore()
        let random = RandomSource.seeded(5)
        let database = try store.open()
        try database.shipBase()
        for _ in 0..<60 { try store.change(database, random) }
        // Once the checkpoint that may be going on is over, no more is shipped.
        database.settle()
        store.isBroken.withLock { $0 = true }
        #expect(database.statistics.checkpoints > 3)
        let (state, restored) = try store.restore()
        #expect(state == store.state(at: restored.time))
        #expect(restored.time > Instant(milliseconds: 1_030_000), "not only what the base has")
    }

    @Test func `what cannot be shipped is kept, and shipped when it can`() throws {
        let store = try ShippedStore()
        let random = RandomSource.seeded(6)
        let database = try store.open()
        try database.shipBase()
        store.isBroken.withLock { $0 = true }
        for _ in 0..<40 { try store.change(database, random) }
        #expect(try !database.shipNow())
        #expect(database.shippingStatus?.behindSince != nil)
        #expect(database.statistics.checkpoints == 0)
        store.isBroken.withLock { $0 = false }
        #expect(try database.shipNow())
        #expect(database.shippingStatus?.behindSince == nil)
        let said = store.reports.withLock { $0 }
        #expect(said.count == 2, "that it stopped, and that it goes on: \(said)")
        #expect(try store.restore().state == ShippedStore.state(of: database))
    }

    @Test func `when the log grows too long it is cut, and a new base follows`() throws {
        let store = try ShippedStore(longestLogPages: 40)
        let random = RandomSource.seeded(7)
        let database = try store.open()
        try database.shipBase()
        try store.change(database, random)
        #expect(try database.shipNow())
        let before = store.clock.source.now()
        store.isBroken.withLock { $0 = true }
        for _ in 0..<60 { try store.change(database, random) }
        #expect(database.statistics.checkpoints > 0)
        store.isBroken.withLock { $0 = false }
        for _ in 0..<5 { try store.change(database, random) }
        let (lost, restored) = try store.restore()
        #expect(lost == store.state(at: before), "nothing after the cut leads anywhere yet")
        #expect(restored.time == before)

        try database.shipBase()
        let based = store.clock.source.now()
        try store.change(database, random)
        #expect(try database.shipNow())
        #expect(try store.restore().state == ShippedStore.state(of: database))
        #expect(try store.restore(at: before).state == store.state(at: before))
        let (early, found) = try store.restore(at: before.adding(seconds: 9))
        #expect(early == store.state(at: before))
        #expect(found.ending == .gap(until: based), "what was never shipped is told of")
    }

    @Test func `that shipping goes on is told when something was shipped again`() throws {
        let store = try ShippedStore(longestLogPages: 40)
        let random = RandomSource.seeded(9)
        let database = try store.open()
        try database.shipBase()
        store.isBroken.withLock { $0 = true }
        for _ in 0..<60 { try store.change(database, random) }
        database.settle()
        // After the cut nothing is left that could be shipped.
        #expect(try database.shipNow())
        let cut = store.reports.withLock { $0 }
        #expect(!cut.contains { $0.hasSuffix("goes on") }, "\(cut)")
        store.isBroken.withLock { $0 = false }
        try database.shipBase()
        try store.change(database, random)
        #expect(try database.shipNow())
        #expect(store.reports.withLock { $0.last?.hasSuffix("goes on") } == true)
    }

    @Test func `a store that was put back behind our back gets a new base`() throws {
        let store = try ShippedStore()
        let random = RandomSource.seeded(8)
        var database = try store.open()
        try database.shipBase()
        for _ in 0..<5 { try store.change(database, random) }
        database.close()
        let old = store.storePath + "-old"
        try FileManager.default.copyItem(atPath: store.storePath, toPath: old)
        try FileManager.default.copyItem(atPath: store.storePath + "-wal", toPath: old + "-wal")
        database = try store.open()
        for _ in 0..<5 { try store.change(database, random) }
        database.close()
        let before = store.clock.source.now()

        for end in ["", "-wal"] {
            try FileManager.default.removeItem(atPath: store.storePath + end)
            try FileManager.default.copyItem(atPath: old + end, toPath: store.storePath + end)
        }
        store.clock.advance(seconds: 1)
        database = try store.open()
        for _ in 0..<20 { try store.change(database, random) }
        #expect(try database.shipNow())
        #expect(store.reports.withLock { $0.count } == 1)
        try database.shipBase()
        #expect(try store.restore().state == ShippedStore.state(of: database))
        #expect(try store.restore(at: before).state == store.state(at: before))
    }

    @Test func `after a time without a second folder there is a new base`() throws {
        let store = try ShippedStore()
        let random = RandomSource.seeded(12)
        var database = try store.open()
        try database.shipBase()
        for _ in 0..<5 { try store.change(database, random) }
        database.close()
        for _ in 0..<2 {
            let other = try Database(file: store.storePath)
            try other.write { try $0.run("DELETE FROM thing") }
            other.close()
        }
        database = try store.open()
        try store.change(database, random)
        #expect(try database.shipNow())
        #expect(store.reports.withLock { $0.count } == 1)
        try database.shipBase()
        #expect(try store.restore().state == ShippedStore.state(of: database))
    }

    @Test func `a base is made by itself when one is needed`() throws {
        let folder = try TestFolder()
        var options = Database.Options()
        var shipping = Shipping(to: .folder(folder.path + "/second")) { bytes in
            ShippedStore.turned(bytes)
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
            open: ShippedStore.turned
        )
        #expect(restored.ending == .whole)
    }
}
