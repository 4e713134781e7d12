import Basics
import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Store

/// A store that was closed ships nothing more, whatever was under way, so that what its successor
/// ships can be restored.
struct ShippingEndTests {
    private let folder: TestFolder
    private let clock = StandingClock(Instant(milliseconds: 5_000_000))
    private let held = Held()

    /// Sealing waits while this is true.
    private final class Held: Sendable {
        let isOn = Atomic(false)
        let waiting = Atomic(0)
    }

    init() throws {
        folder = try TestFolder(inMemory: true)
    }

    private var place: String { folder.path + "/second" }

    private func open(
        _ place: Shipping.Place,
        waitingSeconds: Int = 0,
        onTrouble: @escaping @Sendable (String) -> Void = { _ in }
    ) throws -> Database {
        let held = held
        var shipping = Shipping(to: place) { bytes in
            if held.isOn.load(ordering: .acquiring) {
                held.waiting.add(1, ordering: .relaxed)
                _ = comes { !held.isOn.load(ordering: .acquiring) }
            }
            return bytes.map { $0 ^ 0xA5 }
        } report: { _ in
        }
        shipping.pauseMilliseconds = 3_600_000
        shipping.shipmentBytes = 1
        shipping.reserveBytes = 0
        shipping.closingWaitMilliseconds = 300
        var options = Database.Options()
        options.time = clock.source
        options.isDurable = false
        options.lookersWaitSeconds = waitingSeconds
        options.onTrouble = onTrouble
        options.shipping = shipping
        let database = try Database(file: folder.path + "/store.db", options: options)
        try database.write { change in
            try change.run(
                "CREATE TABLE IF NOT EXISTS note (id INTEGER NOT NULL PRIMARY KEY) STRICT"
            )
        }
        return database
    }

    private func write(_ ids: ClosedRange<Int>, _ database: Database) throws {
        for id in ids {
            clock.advance(seconds: 1)
            try database.write { try $0.run("INSERT INTO note (id) VALUES (\(id))") }
        }
    }

    private func restored() throws -> [Int] {
        let target = folder.path + "/restored.db"
        try? FileManager.default.removeItem(atPath: target)
        _ = try Shipping.restore(from: place, to: target) { $0.map { $0 ^ 0xA5 } }
        let look = try Database.open(forReading: target)
        return try look.read { try $0.all("SELECT id FROM note ORDER BY id") { try $0[0] } }
    }

    private func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: place)
            .filter { $0.hasPrefix("base-") || $0.hasPrefix("log-") }.sorted()
    }

    @Test func `a command under way is ended, and none is run beside the successor's`() throws {
        let order = folder.path + "/order"
        let slow = folder.path + "/slow"
        let command = Shipping.Place.command(
            """
            mkdir -p '\(place)'; echo "begins $KITH_FILE" >> '\(order)'
            if [ -e '\(slow)' ]; then rm '\(slow)'; sleep 4; fi
            cat > "\(place)/$KITH_FILE"; echo "ends $KITH_FILE" >> '\(order)'
            """
        )
        let first = try open(command)
        try first.shipBase()
        try write(1...3, first)
        try "".write(toFile: slow, atomically: true, encoding: .utf8)
        first.close()
        let second = try open(command)
        try write(4...5, second)
        #expect(try second.shipNow())
        let before = try String(contentsOfFile: order, encoding: .utf8)
        // Longer than the slow one would have taken.
        usleep(5_000_000)
        #expect(try String(contentsOfFile: order, encoding: .utf8) == before)
        #expect(try restored() == [1, 2, 3, 4, 5])
        try write(6...6, second)
        #expect(try second.shipNow())
        #expect(try restored() == [1, 2, 3, 4, 5, 6])
    }

    @Test(arguments: [false, true])
    func `while a send cannot be given up closing is over, but nobody can open the store`(
        isBase: Bool
    ) throws {
        let first = try open(.folder(place))
        try first.shipBase()
        try write(1...3, first)
        if isBase { #expect(try first.shipNow()) }
        let before = try names()
        held.isOn.store(true, ordering: .releasing)
        if isBase {
            clock.advance(seconds: 1)
            let base = Thread { try? first.shipBase() }
            base.start()
            try wait { held.waiting.load(ordering: .relaxed) > 0 }
        }
        let start = Date()
        first.close()
        #expect(Date().timeIntervalSince(start) < 5)
        #expect(throws: StoreRefusedToOpen.self) { try open(.folder(place)) }
        held.isOn.store(false, ordering: .releasing)
        var second: Database?
        try wait {
            second = try? open(.folder(place))
            return second != nil
        }
        #expect(try names() == before, "what was held is not sent after closing")
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/store.db.base"))
        try write(4...5, try #require(second))
        #expect(try second?.shipNow() == true)
        #expect(try restored() == [1, 2, 3, 4, 5])
    }

    @Test func `whoever opens the store waits for one that is ending`() throws {
        let first = try open(.folder(place))
        try first.shipBase()
        try write(1...3, first)
        #expect(throws: StoreRefusedToOpen.self, "while it serves nobody waits") {
            try open(.folder(place), waitingSeconds: 20)
        }
        held.isOn.store(true, ordering: .releasing)
        first.close()
        let second = try open(.folder(place), waitingSeconds: 20) { line in
            #expect(line.contains("process \(getpid()), which is ending, to let go of"))
            held.isOn.store(false, ordering: .releasing)
        }
        let isOn = held.isOn.load(ordering: .acquiring)
        #expect(!isOn, "it was told, and waited")
        #expect(try second.shipNow())
        #expect(try restored() == [1, 2, 3])
    }
}
