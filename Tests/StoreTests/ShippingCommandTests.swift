import Basics
import FoundationEssentials
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Store

/// What a command that ships is given, and what becomes of one that fails.
struct ShippingCommandTests {
    private let stage: PlaceStage

    init() throws {
        stage = try PlaceStage()
    }

    @Test func `a command gets every shipment, also after a restart`() throws {
        let command = Shipping.Place.command(
            "mkdir -p '\(stage.place)'; cat > \"\(stage.place)/$KITH_FILE\""
        )
        var database = try stage.open(command)
        try database.shipBase()
        for id in 1...40 {
            try stage.write(id, database)
            if id % 7 == 0 { #expect(try database.shipNow()) }
            if id % 11 == 0 {
                database.close()
                database = try stage.open(command)
            }
        }
        #expect(try database.shipNow())
        #expect(try stage.restored() == Array(1...40))
        #expect(stage.said.withLock { $0 } == [])
        let bases = try FileManager.default.contentsOfDirectory(atPath: stage.place)
            .filter { $0.hasPrefix("base") }
        #expect(bases.count == 1, "a restart is no reason for another base")
    }

    @Test func `a store that was restored ships to the same command without confusion`() throws {
        let command = Shipping.Place.command(
            "mkdir -p '\(stage.place)'; cat > \"\(stage.place)/$KITH_FILE\""
        )
        let first = try stage.open(command)
        try first.shipBase()
        for id in 1...5 { try stage.write(id, first) }
        #expect(try first.shipNow())
        let before = stage.clock.source.now()
        first.close()
        let second = try stage.open(command, store: "other.db")
        for id in 100...102 { try stage.write(id, second) }
        try second.shipBase()
        try stage.write(103, second)
        #expect(try second.shipNow())
        #expect(try stage.restored() == [100, 101, 102, 103])
        #expect(try stage.restored(at: before) == [1, 2, 3, 4, 5])
    }

    @Test(arguments: ["exit 3", "cat > /dev/null; exit 3", "cat > /dev/null; kill -9 $$", "nosuch"])
    func `a command that fails has taken nothing`(line: String) throws {
        let command = "case $KITH_FILE in base-*) cat > /dev/null ;; *) \(line) ;; esac"
        let database = try stage.open(.command(command))
        try database.shipBase()
        try stage.write(1, database)
        #expect(try !database.shipNow())
        #expect(try !database.shipNow())
        #expect(stage.said.withLock { $0.count } == 1, "one line, however often it is tried")
        #expect(database.shippingStatus?.isInTrouble == true)
        #expect(database.shippingStatus?.behindSince != nil)
    }

    @Test func `a command has nothing open of ours but what it is given`() throws {
        var ends: [Int32] = [-1, -1]
        try #require(unsafe pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        let said = stage.place + ".open"
        // Beside the three that all have, the one by which the folder itself is read.
        let database = try stage.open(.command("ls /proc/self/fd > '\(said)'; cat > /dev/null"))
        try database.shipBase()
        #expect(try String(contentsOfFile: said, encoding: .utf8) == "0\n1\n2\n3\n")
    }

    @Test func `a command whose end nobody can tell has not ended well`() {
        // It is no process of ours.
        #expect(throws: CommandTrouble.self) { try CommandRun.status(of: 1) }
    }
}
