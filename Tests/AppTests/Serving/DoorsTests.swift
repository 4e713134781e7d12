import Basics
import Dispatch
import Events
import Foundation
import HTTPServer
import Synchronization
import TestSupport
import Testing
import Vault

@testable import App
@testable import Store

/// Many communities in one process.
@Suite struct DoorsTests {
    @Test func `a community is opened by the first who asks for one of its pages`() throws {
        let many = try ManyCommunities()
        try many.begin()
        #expect(many.open == 0)
        #expect(try many.get("north.example").text.contains("The north.example"))
        #expect(many.open == 1)
        #expect(try many.get("south.example:8080").text.contains("The south.example"))
        for whole in ["south.example.", "south.example.:8080"] {
            #expect(try many.get(whole).text.contains("The south.example"))
        }
        #expect(try many.get("north.example").status == 200)
        #expect(many.openings == 2)
    }

    @Test func `whether it is alive is answered without opening it`() throws {
        let many = try ManyCommunities()
        #expect(try many.get("north.example", "/healthz").text == "ok\n")
        #expect(try many.get("north.example", "/version").text.contains(Version.text))
        #expect(many.open == 0)
    }

    @Test(arguments: [
        "nobody.example", "", ".", "..", "../north.example", "a/b", "north.example..", ".example",
        "north..example", "north.example/", "%2e%2e", "north.example\0", "[::1]", "[::1]:80", ":80",
        "-north.example", "NORTH.EXAMPLE", String(repeating: "a", count: 64), "readme",
    ])
    func `a host that nobody is served at is misdirected`(host: String) throws {
        let many = try ManyCommunities()
        try "x".write(toFile: many.data("readme"), atomically: true, encoding: .utf8)
        let answer = try many.get(host)
        #expect(answer.status == 421)
        #expect(answer.text.contains("<html lang=\"en-GB\">"))
        #expect(answer.header("content-security-policy") != nil)
        #expect(many.open == 0)
    }

    @Test func `the process tells under any name how it is and how many are open`() throws {
        let many = try ManyCommunities()
        try many.begin()
        _ = try many.get("north.example")
        #expect(try many.get("10.0.0.1", "/healthz").text == "ok\n")
        let metrics = try many.get("10.0.0.1", "/metrics").text
        #expect(metrics.contains("\nkith_communities_open 1\n"))
        #expect(metrics.contains("\nkith_communities 3\n"))
    }

    @Test func `it is ready under any name as long as its communities can be found`() throws {
        let many = try ManyCommunities(["north.example"])
        try ManyCommunities.settings("{ not json", of: many.data("north.example"))
        for host in ["10.0.0.1:8080", "", "localhost"] {
            #expect(try many.get(host, "/readyz").text == "ready\n")
        }
        #expect(many.openings == 0)
        try FileManager.default.moveItem(atPath: many.folder.path, toPath: many.folder.path + "x")
        #expect(try many.get("10.0.0.1", "/readyz").status == 503)
        try FileManager.default.moveItem(atPath: many.folder.path + "x", toPath: many.folder.path)
        // At its own name it is the community that is asked.
        #expect(try many.get("north.example", "/readyz").status == 503)
    }

    @Test func `a session of one community is nothing in another`() throws {
        let many = try ManyCommunities()
        let north = many.browser("north.example")
        let answer = try north.post(
            "/sign-in",
            ["name": "ben", "password": Demonstration.password]
        )
        #expect(answer.status == 303)
        #expect(try north.get("/week").status == 200)
        let south = north.at("south.example")
        #expect(try south.get("/week").location?.hasPrefix("/sign-in") == true)
        #expect(try north.get("/week").status == 200)
    }

    @Test func `one that cannot be opened says so, is tried again later, and harms no other`()
        throws
    {
        let many = try ManyCommunities()
        let key = many.data("north.example") + "/master.key"
        let kept = key + ".away"
        try FileManager.default.moveItem(atPath: key, toPath: kept)
        try ManyCommunities.settings("{ not json", of: many.data("west.example"))
        for host in ["north.example", "west.example"] {
            let answer = try many.get(host)
            #expect(answer.status == 503)
            #expect(answer.header("retry-after") == "30")
            #expect(answer.text.contains("lang=\"en-GB\""))
        }
        #expect(try many.get("south.example").status == 200)
        try FileManager.default.moveItem(atPath: kept, toPath: key)
        many.clock.advance(seconds: 10)
        let answer = try many.get("north.example")
        #expect(answer.status == 503)
        #expect(Int(answer.header("retry-after") ?? "").map { (1...21).contains($0) } == true)
        many.clock.advance(seconds: 21)
        #expect(try many.get("north.example").status == 200)
        // Whoever mended it need not wait.
        try ManyCommunities.settings("{}", of: many.data("west.example"))
        #expect(try many.doors.change(to: ManyCommunities.plan(many.folder.path)))
        #expect(try many.get("west.example").status == 200)
    }

    @Test func `a clock that is set back makes nobody wait longer`() throws {
        let clock = StandingClock(Rig.start)
        let back = Mutex<Int64>(0)
        let many = try ManyCommunities(
            clock: clock,
            time: TimeSource { clock.source.now().adding(seconds: back.withLock { $0 }) }
        )
        let key = many.data("north.example") + "/master.key"
        try FileManager.default.moveItem(atPath: key, toPath: key + ".away")
        #expect(try many.get("north.example").status == 503)
        #expect(try many.get("south.example").status == 200)
        try FileManager.default.moveItem(atPath: key + ".away", toPath: key)
        back.withLock { $0 = -86_400 }
        many.clock.advance(seconds: 31)
        #expect(try many.get("north.example").status == 200)
        many.clock.advance(seconds: 601)
        try many.round { many.open == 0 }
    }

    @Test func `one that stayed open for work soon due is closed though the clock is set back`()
        throws
    {
        let clock = StandingClock(Rig.start)
        let back = Mutex<Int64>(0)
        let many = try ManyCommunities(
            ["north.example"],
            clock: clock,
            time: TimeSource { clock.source.now().adding(seconds: back.withLock { $0 }) }
        )
        _ = try many.get("north.example")
        let door = try #require(many.doors.door(at: "north.example"))
        var stay = door.enterIfOpen()
        try stay?.community.database.write { change in
            try change.schedule(Marked(number: 1), at: change.now.adding(seconds: 900))
        }
        stay = nil
        many.clock.advance(seconds: 601)
        for _ in 0..<400 where door.state.withLock({ $0.busyUntil == nil }) {
            many.doors.round()
            Thread.sleep(forTimeInterval: 0.02)
        }
        back.withLock { $0 = -86_400 }
        try many.round { many.open == 0 }
    }

    @Test func `another program's migrations are no store of ours`() throws {
        let many = try ManyCommunities()
        let database = try Database(file: many.data("north.example") + "/kith.db")
        try database.write { change in
            _ = try change.run("UPDATE store_migration SET checksum = 'x' WHERE version = 1")
        }
        database.close()
        #expect(try many.get("north.example").status == 503)
        #expect(try many.get("south.example").status == 200)
    }

    @Test func `settings read anew hold for those that are open and those that are not`() throws {
        let many = try ManyCommunities()
        _ = try many.get("north.example")
        for name in ["north.example", "south.example"] {
            try ManyCommunities.settings("{\"name\": \"Anew\"}", of: many.data(name))
        }
        #expect(try !many.get("north.example").text.contains("Anew"))
        #expect(try many.doors.change(to: ManyCommunities.plan(many.folder.path)))
        #expect(try many.get("north.example").text.contains("Anew"))
        #expect(try many.get("south.example").text.contains("Anew"))
        try ManyCommunities.settings("{\"zone\": \"Nowhere\"}", of: many.data("north.example"))
        #expect(try !many.doors.change(to: ManyCommunities.plan(many.folder.path)))
        #expect(try many.get("north.example").text.contains("Anew"))
    }

    @Test func `a folder that came later is found by who asks for it`() throws {
        let many = try ManyCommunities(["north.example"])
        try many.begin()
        #expect(try many.get("late.example").status == 421)
        // Moved there whole, since a round may find it at any moment.
        let workshop = try TestFolder()
        try ManyCommunities.make("late.example", in: workshop.path)
        try FileManager.default.moveItem(
            atPath: workshop.path + "/late.example",
            toPath: many.data("late.example")
        )
        #expect(try many.get("late.example").status == 200)
        try FileManager.default.removeItem(atPath: many.data("north.example"))
        #expect(try many.doors.change(to: ManyCommunities.plan(many.folder.path)))
        #expect(try many.get("north.example").status == 421)
    }

    @Test func `a folder that cannot be listed is no reason to forget anyone`() throws {
        let many = try ManyCommunities(["north.example"])
        try many.begin()
        let door = many.doors.door(at: "north.example")
        // As when descriptors have run out.
        try FileManager.default.moveItem(atPath: many.folder.path, toPath: many.folder.path + "x")
        many.doors.findAll()
        try FileManager.default.moveItem(atPath: many.folder.path + "x", toPath: many.folder.path)
        #expect(door != nil && many.doors.door(at: "north.example") === door)
    }

    @Test func `a door that was forgotten lets nobody in, and the folder may come back`() throws {
        let many = try ManyCommunities(["north.example"])
        let away = many.data(".away")
        let held = try #require(many.doors.door(at: "north.example"))
        try FileManager.default.moveItem(atPath: many.data("north.example"), toPath: away)
        many.doors.findAll()
        try FileManager.default.moveItem(atPath: away, toPath: many.data("north.example"))
        // As a request does that found the door before, and would now hold the store by it.
        #expect(!held.enter { _ in })
        #expect(try many.get("north.example").status == 200)
        #expect(many.openings == 1)
    }

    @Test func `a community that is found while folders are listed stays`() throws {
        let many = try ManyCommunities([])
        let over = Mutex(false)
        let done = DispatchSemaphore(value: 0)
        DispatchQueue(label: "finder").async {
            while !over.withLock({ $0 }) { many.doors.findAll() }
            done.signal()
        }
        // Also when something is thrown before the end.
        defer { over.withLock { $0 = true } }
        let names = (0..<300).map { "c\($0).example" }
        let doors = try names.map { name in
            try Opening.folder(many.data(name))
            return many.doors.door(at: name)
        }
        over.withLock { $0 = true }
        try #require(done.comes())
        for (name, door) in zip(names, doors) {
            #expect(door != nil && many.doors.door(at: name) === door, "\(name)")
        }
    }

    @Test func `the only one begins its own work when it is told to, not when it is opened`() throws
    {
        let folder = try TestFolder()
        try ManyCommunities.make("data", in: folder.path)
        let plan = try ServingPlan(
            Options([
                "serve", "--data", folder.path + "/data", "--home", TestStore.repository,
            ]),
            home: LivedDemonstration.home.get()
        )
        let doors = Doors(plan)
        try doors.open()
        let only = try #require(doors.all.first)
        #expect(only.state.withLock { !$0.isStarted && $0.guests == 1 })
        doors.begin()
        #expect(only.state.withLock { $0.isStarted && $0.guests == 0 })
        doors.end()
    }

    @Test func `what is due in a community nobody has opened happens`() throws {
        let many = try ManyCommunities()
        many.doors.round()
        #expect(many.openings == 0)
        let before = try many.count("care logs", of: "south.example")
        // The evening's visit is over by then.
        many.clock.advance(seconds: 9 * 3600 + 60)
        try many.round { try many.count("care logs", of: "south.example") == before + 1 }
        #expect(many.openings == 3)
    }

    @Test
    func `what a command wrote behind its back is found and done, and the store is closed again`()
        throws
    {
        let many = try ManyCommunities(["north.example"])
        many.doors.round()
        let path = many.data("north.example") + "/kith.db"
        var options = Database.Options()
        options.time = many.clock.source
        let database = try Database(file: path, options: options)
        try database.write { try $0.schedule(Marked(number: 1), at: $0.now) }
        database.close()
        many.clock.advance(seconds: 61)
        try many.round { many.openings == 1 && many.open == 0 }
        #expect(try many.count("dead letters", of: "north.example") == 1)
    }

    @Test func `one that nobody uses is closed, signed, and opened for the next who comes`() throws
    {
        let many = try ManyCommunities(["north.example"])
        let north = many.browser("north.example")
        _ = try north.post("/sign-in", ["name": "ben", "password": Demonstration.password])
        many.clock.advance(seconds: 599)
        _ = try north.get("/healthz")
        many.doors.round()
        #expect(many.open == 1)
        many.clock.advance(seconds: 2)
        try many.round { many.open == 0 }
        #expect(try many.count("unsigned", of: "north.example") == 0)
        #expect(try north.get("/week").status == 200)
        #expect(many.open == 1)
    }

    @Test func `one whose store is in doubt is opened anew, and harms no other`() throws {
        let many = try ManyCommunities()
        for name in ManyCommunities.names { _ = try many.get(name) }
        // Its own work begins after the answers.
        many.doors.household.settle()
        let store = many.data("north.example") + "/kith.db"
        func sign() throws -> Date? {
            try FileManager.default.attributesOfItem(atPath: store)[.modificationDate] as? Date
        }
        let before = try sign()
        try many.doors.door(at: "north.example")?.enterIfOpen()?.community.database.alone {
            $0.distrust("a flush failed")
        }
        many.doors.round()
        // Nothing was written any more, not even what the log holds.
        #expect(try sign() == before)
        #expect(many.open == 2)
        #expect(try many.get("north.example").status == 503)
        #expect(try many.get("south.example").status == 200)
        many.clock.advance(seconds: 31)
        #expect(try many.get("north.example").status == 200)
        #expect(many.open == 3)
    }

    @Test func `so many wait while it opens, and beyond them is 503 at once`() throws {
        let many = try ManyCommunities(["north.example"])
        let door = try #require(many.doors.door(at: "north.example"))
        // As if it took long.
        door.state.withLock { $0.phase = .opening }
        let answers = Mutex<[Int]>([])
        let line = DispatchGroup()
        for _ in 0..<300 {
            line.enter()
            many.doors.handle(
                HTTPRequest(
                    method: .get,
                    path: "/",
                    host: "north.example",
                    receivedAt: Rig.start
                ),
                Responder { response in
                    answers.withLock { $0.append(response.status) }
                    line.leave()
                }
            )
        }
        #expect(answers.withLock { $0 } == Array(repeating: 503, count: 300 - 256))
        try door.open()
        try #require(line.comes())
        #expect(answers.withLock { $0 }.count { $0 == 200 } == 256)
    }

    @Test func `whoever holds it keeps it open`() throws {
        let many = try ManyCommunities(["north.example"])
        _ = try many.get("north.example")
        var stay = many.doors.door(at: "north.example")?.enterIfOpen()
        many.clock.advance(seconds: 3600)
        for _ in 0..<3 { many.doors.round() }
        #expect(stay != nil && many.open == 1)
        stay = nil
        many.clock.advance(seconds: 3600)
        try many.round { many.open == 0 }
    }

    @Test func `a command's question opens the community it names`() throws {
        let many = try ManyCommunities()
        var question = Control.Question(
            command: "hat",
            words: ["give"],
            name: "cy",
            hat: "admin",
            community: "south.example"
        )
        #expect(
            try many.doors.answer(question)
                == Control.Answer(lines: ["cy now has: admin"], community: "south.example")
        )
        question.community = "nobody.example"
        #expect(try many.doors.answer(question) == nil)
        question.community = nil
        #expect(try many.doors.answer(question) == nil)
    }

    @Test func `many and one are not both served`() {
        for more in [["--data", "x"], ["--demo"], ["--develop"], ["--key", "x"]] {
            let error = #expect(throws: Unusable.self) {
                try ServingPlan(Options(["serve", "--communities", "/tmp"] + more))
            }
            #expect(error?.description.contains("--communities") == true)
        }
        #expect(throws: Unusable.self) {
            try ServingPlan(Options(["serve", "--communities", "/tmp/nobody-made-this"]))
        }
        for option in ["--most-open", "--idle"] {
            let error = #expect(throws: Unusable.self) {
                try ServingPlan(Options(["serve", "--data", "/tmp", option, "5"]))
            }
            #expect(error?.description.hasPrefix("\(option) is for many") == true)
        }
    }

    @Test func `the folder of one community is not taken for one of many, nor the other way`()
        throws
    {
        let many = try ManyCommunities(["north.example"])
        let error = #expect(throws: Unusable.self) {
            try ManyCommunities.plan(many.data("north.example"))
        }
        #expect(error?.description.contains("holds a store, so it is one community") == true)

        let lock = try FileLock(serving: ServingPlan.lockPath(many.folder.path))
        defer { lock.release() }
        let options = ["--data", many.folder.path, "--home", TestStore.repository]
        let commands: [(Options) throws -> Void] = [
            { try Keys($0).run() }, { try Migrate($0).run() },
        ]
        for (command, words) in zip(commands, [["keys", "create"], ["migrate"]]) {
            let error = #expect(throws: Unusable.self) { try command(Options(words + options)) }
            #expect(error?.description.contains("is a folder of many communities") == true)
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: many.folder.path).sorted()
                == ["communities.lock", "north.example"]
        )
    }
}
