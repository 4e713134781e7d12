import Basics
import Events
import Foundation
import HTTPServer
import Store
import Synchronization
import TestSupport
import Testing
import Vault

@testable import App

/// A folder of communities behind their doors, without a socket, on a clock that is moved.
final class ManyCommunities: Sendable {
    let folder: TestFolder
    let clock: StandingClock
    let doors: Doors
    static let names = ["north.example", "south.example", "west.example"]

    convenience init(
        _ names: [String] = names,
        idleSeconds: Int64 = 600,
        mostOpen: Int = .max,
        openingMilliseconds: Int = 60_000,
        roomMilliseconds: Int = 500,
        clock: StandingClock = StandingClock(Rig.start),
        time: TimeSource? = nil
    ) throws {
        let folder = try TestFolder()
        for name in names { try Self.make(name, in: folder.path) }
        try self.init(
            in: folder,
            clock,
            idleSeconds: idleSeconds,
            mostOpen: mostOpen,
            openingMilliseconds: openingMilliseconds,
            roomMilliseconds: roomMilliseconds,
            time: time
        )
    }

    /// As the next process over the same folder, once this one has ended.
    func next(mostOpen: Int = .max) throws -> ManyCommunities {
        doors.end()
        return try ManyCommunities(in: folder, clock, idleSeconds: 600, mostOpen: mostOpen)
    }

    private init(
        in folder: TestFolder,
        _ clock: StandingClock,
        idleSeconds: Int64,
        mostOpen: Int,
        openingMilliseconds: Int = 60_000,
        roomMilliseconds: Int = 500,
        time: TimeSource? = nil
    ) throws {
        self.folder = folder
        self.clock = clock
        var given = Household.Given()
        given.idleSeconds = idleSeconds
        given.mostOpen = mostOpen
        given.time = time ?? clock.source
        given.uptime = clock.source
        given.openingMilliseconds = openingMilliseconds
        given.roomMilliseconds = roomMilliseconds
        doors = Doors(try Self.plan(folder.path), given)
    }

    deinit {
        doors.end()
    }

    static func plan(_ folder: String) throws -> ServingPlan {
        try ServingPlan(
            Options(["serve", "--communities", folder, "--home", TestStore.repository]),
            home: LivedDemonstration.home.get()
        )
    }

    static func make(_ name: String, in folder: String) throws {
        let data = "\(folder)/\(name)"
        let files = FileManager.default
        try files.createDirectory(atPath: data, withIntermediateDirectories: true)
        try files.copyItem(atPath: LivedDemonstration.path(), toPath: data + "/kith.db")
        // The bytes of the key that it was made with.
        try MasterKey.create(
            data + "/master.key",
            random: RandomSource { 0x0505_0505_0505_0505 }
        )
        try settings("{\"name\": \"The \(name)\"}", of: data)
    }

    static func settings(_ text: String, of data: String) throws {
        try text.write(toFile: data + "/community.json", atomically: true, encoding: .utf8)
    }

    func begin() throws {
        try doors.open()
        doors.begin()
    }

    func data(_ name: String) -> String { "\(folder.path)/\(name)" }

    func browser(_ host: String) -> Browser {
        Browser(host: host, time: clock.source) { [doors] request in
            try PageAnswer.waited { doors.handle(request, $0) }
        }
    }

    func get(_ host: String, _ path: String = "/") throws -> PageAnswer {
        try browser(host).get(path)
    }

    var open: Int { doors.household.opened.load(ordering: .relaxed) }
    var openings: Int { doors.household.openings.load(ordering: .relaxed) }

    /// Goes round, each time a second later, until it is so.
    func round(until isSo: () throws -> Bool) throws {
        for _ in 0..<400 {
            doors.round()
            if try isSo() { return }
            Thread.sleep(forTimeInterval: 0.02)
            clock.advance(seconds: 1)
        }
        Issue.record("it never came to that")
    }

    /// How many entries a store's audit log has, and what of it is signed.
    func changes(_ store: String) throws -> [Int] {
        let database = try Database.open(forReading: store)
        defer { database.close() }
        return try database.read { data in
            [
                try data.value("SELECT count(*) FROM identity_audit") ?? 0,
                try data.value(
                    "SELECT max(size) FROM prooflog_checkpoint WHERE log = 'audit'"
                ) ?? 0,
            ]
        }
    }

    /// Looks into the store of a community that is closed.
    func count(_ what: String, of name: String) throws -> Int {
        let database = try Database.open(forReading: data(name) + "/kith.db")
        defer { database.close() }
        return try database.read { data in
            switch what {
            case "dead letters": try data.value("SELECT count(*) FROM events_dead_letter")
            case "care logs": try data.value("SELECT count(*) FROM transactions_care_log")
            default:
                try data.value(
                    """
                    SELECT (SELECT count(*) FROM identity_audit)
                        - (SELECT max(size) FROM prooflog_checkpoint WHERE log = 'audit')
                    """
                )
            }
        } ?? 0
    }
}

/// A job that nobody knows: it becomes a dead letter, exactly once.
struct Marked: Job {
    static let name = "test.marked"

    let number: Int
}
