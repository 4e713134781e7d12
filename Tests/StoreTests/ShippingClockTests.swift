import Basics
import FoundationEssentials
import TestSupport
import Testing

@testable import Store

/// What is kept and restored when the clock is set forward and back.
struct ShippingClockTests {
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `the store is restored as the last change until then left it`(seed: UInt64) throws {
        let store = try ShippedStore()
        let random = RandomSource.seeded(seed)
        store.clock.advance(seconds: 1_000_000)
        var database = try store.open()
        try database.shipBase()
        var history: [(time: Instant, state: String)] = []
        func note() throws {
            history.append((store.clock.source.now(), try ShippedStore.state(of: database)))
        }
        try note()
        for _ in 0..<40 {
            switch random.number(below: 10) {
            case 0: store.clock.advance(seconds: Int64(random.number(below: 60)) - 30)
            case 1: store.clock.advance(seconds: 5000)
            case 2: store.clock.advance(seconds: -5000)
            case 3: #expect(try database.shipNow())
            case 4: try database.shipBase()
            case 5:
                database.close()
                database = try store.open()
            default: break
            }
            try store.change(database, random)
            try note()
        }
        #expect(try database.shipNow())
        for time in Set(history.map(\.time)) {
            let expected = try #require(history.last { $0.time <= time })
            let (state, restored) = try store.restore(at: time)
            #expect(state == expected.state)
            #expect(restored.time == expected.time)
            #expect(restored.ending == .whole)
        }
    }

    @Test func `a clock that is ahead for a moment costs nothing`() throws {
        let store = try ShippedStore(keepMinutes: 30 * day, baseMinutes: day)
        let random = RandomSource.seeded(7)
        let database = try store.open()
        try database.shipBase()
        let first = store.clock.source.now()
        let before = try ShippedStore.state(of: database)
        for _ in 1...2 {
            store.clock.advance(seconds: day * 61)
            try store.change(database, random)
            try database.shipBase()
        }
        store.clock.advance(seconds: 42 * day * 60)
        var ahead = first
        for _ in 1...2 {
            try store.change(database, random)
            try database.shipBase()
            ahead = store.clock.source.now()
        }
        store.clock.advance(seconds: -42 * day * 60)
        for _ in 1...5 {
            try store.change(database, random)
            #expect(try database.shipNow())
        }
        let wanted = store.clock.source.now()
        let state = try ShippedStore.state(of: database)
        for _ in 1...3 { try store.change(database, random) }
        try database.shipBase()

        #expect(try store.files("base").count == 6, "nothing is removed")
        let early = try store.restore(at: first)
        #expect(early.state == before && early.restored.ahead == nil)
        let late = try store.restore(at: wanted)
        #expect(late.state == state && late.restored.time == wanted)
        #expect(late.restored.ahead == ahead, "that the clock was set back is told")
    }

    private let day: Int64 = 24 * 60

    /// The days of bases by the clock, in the order in which they were made; and the first that is
    /// kept of them, by its place.
    @Test(
        arguments: [
            (Array(0...40), 10),
            (Array(0...20), 0),
            // Ahead, once and twice.
            (Array(0...35) + [77], 6),
            (Array(0...35) + [77, 77], 6),
            (Array(0...35) + [77, 77, 36], 6),
            // Far behind for a while.
            (Array(0...35) + [-365], 0),
            (Array(0...35) + [-365, 36], 0),
            (Array(0...35) + [-365, 36, 37], 7),
        ] as [([Int], Int)]
    )
    func `only what is older than is kept by every clock goes`(days: [Int], first: Int) throws {
        let folder = try TestFolder(inMemory: true)
        let names = days.enumerated().map { number, day in
            let time = Instant(milliseconds: Int64(10_000 + day) * 86_400_000)
            return ShipmentName(.base, Int64(number), time).text
        }
        for name in names {
            try "".write(toFile: "\(folder.path)/\(name)", atomically: false, encoding: .utf8)
        }
        try ShippedFiles(folder.path).prune(keepMinutes: 30 * day, baseMinutes: day)
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(left == names.suffix(from: first).sorted())
    }
}
