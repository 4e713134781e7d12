import Basics
import FoundationEssentials
import TestSupport
import Testing

@testable import Store

struct RestoreTests {
    @Test func `damage is never taken for a store`() throws {
        let store = try ShippedStore()
        let random = RandomSource.seeded(9)
        let database = try store.open()
        try database.shipBase()
        for _ in 0..<10 {
            try store.change(database, random)
            #expect(try database.shipNow())
        }
        database.close()
        let logs = try store.files("log")
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
            let (state, restored) = try store.restore(despiteDamage: true)
            #expect(state == store.state(at: restored.time))
            if attempt % 3 != 0 {
                #expect(restored.ending == .damaged)
                #expect(throws: RestoreRefused.self) { try store.restore() }
            }
            try whole.write(to: URL(filePath: path))
        }
    }

    @Test func `if a base is damaged the one before it serves`() throws {
        let store = try ShippedStore()
        let random = RandomSource.seeded(10)
        let database = try store.open()
        try database.shipBase()
        for _ in 0..<5 { try store.change(database, random) }
        try database.shipBase()
        let base = try #require(try store.files("base").last)
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: base)))
        bytes[bytes.count / 2] ^= 1
        try Data(bytes).write(to: URL(filePath: base))
        let (state, restored) = try store.restore()
        #expect(restored.ending == .whole)
        #expect(try state == ShippedStore.state(of: database))
        for base in try store.files("base") { try FileManager.default.removeItem(atPath: base) }
        #expect(throws: RestoreRefused.nothingShipped(store.shippedPath)) { try store.restore() }
    }

    @Test func `nothing leaves the store unsealed`() throws {
        let store = try ShippedStore()
        let database = try store.open()
        let secret = "something nobody else may read"
        try database.write { try $0.run("INSERT INTO thing (id, text) VALUES (1, \(secret))") }
        try database.shipBase()
        try database.write { try $0.run("UPDATE thing SET text = text || \(secret)") }
        #expect(try database.shipNow())
        let files = try store.files("base") + store.files("log")
        #expect(files.count == 2)
        for file in files {
            let bytes = [UInt8](try Data(contentsOf: URL(filePath: file)))
            #expect(bytes.firstRange(of: Array(secret.utf8)) == nil)
            #expect(ShippedStore.turned(bytes).firstRange(of: Array(secret.utf8)) != nil)
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: store.folder.path)
        #expect(!left.contains { $0.hasSuffix(".base") }, "and no copy is left behind")
    }

    @Test func `what is only needed for longer ago is removed`() throws {
        let store = try ShippedStore(keepMinutes: 1, baseMinutes: 1)
        let random = RandomSource.seeded(11)
        let database = try store.open()
        var times: [Instant] = []
        for _ in 0..<5 {
            for _ in 0..<20 { try store.change(database, random) }
            try database.shipBase()
            times.append(store.clock.source.now())
        }
        // A minute is kept, and the base before it begins.
        #expect(try store.files("base").count == 4)
        for time in times.dropFirst() {
            let (state, restored) = try store.restore(at: time.adding(seconds: 3))
            #expect(restored.ending == .whole)
            #expect(state == store.state(at: restored.time))
        }
        #expect(throws: RestoreRefused.tooEarly(store.shippedPath, times[1])) {
            try store.restore(at: times[0])
        }
        #expect(try store.files("log").count < 25)
    }

    @Test func `a restore puts nothing in the place of something`() throws {
        let store = try ShippedStore()
        let database = try store.open()
        try database.shipBase()
        #expect(throws: StoreRefusedToOpen.self) {
            try Shipping.restore(
                from: store.shippedPath,
                to: store.storePath,
                open: ShippedStore.turned
            )
        }
    }
}
