import Basics
import Dispatch
import Events
import Store
import Synchronization
import TestSupport
import Testing

struct EventTests {
    @Test func `everybody hears of everything, in order`() throws {
        let stage = try Stage()
        let heard = stage.heard
        let runner = stage.runner([
            Subscriber("a", to: Ended.self) { event, _ in heard.add("a\(event.number)") },
            Subscriber("b", to: Ended.self) { event, _ in heard.add("b\(event.number)") },
            Subscriber("c", to: Begun.self) { event, _ in heard.add("c\(event.number)") },
        ])
        try stage.record(1, 2)
        try stage.database.write { try $0.record(Begun(number: 3)) }
        try runner.runDue()
        try stage.record(4)
        try runner.runDue()
        #expect(heard.all.filter { $0.hasPrefix("a") } == ["a1", "a2", "a4"])
        #expect(heard.all.filter { $0.hasPrefix("b") } == ["b1", "b2", "b4"])
        #expect(heard.all.filter { $0.hasPrefix("c") } == ["c3"])
    }

    @Test func `what was undone is not heard of`() throws {
        let stage = try Stage()
        let heard = stage.heard
        let runner = stage.runner([
            Subscriber("a", to: Ended.self) { event, _ in heard.add("a\(event.number)") }
        ])
        #expect(throws: Broken.self) {
            try stage.database.write { change in
                try change.record(Ended(number: 1))
                throw Broken()
            }
        }
        try stage.record(2)
        try runner.runDue()
        #expect(heard.all == ["a2"])
    }

    @Test func `after a restart nothing is heard again and nothing is missed`() throws {
        let stage = try Stage()
        let heard = stage.heard
        let subscriber = Subscriber("a", to: Ended.self) { event, _ in heard.add("\(event.number)")
        }
        try stage.record(1, 2)
        try stage.runner([subscriber]).runDue()
        try stage.record(3)
        try stage.runner([subscriber]).runDue()
        #expect(heard.all == ["1", "2", "3"])
    }

    @Test func `what a failing subscriber wrote is undone, and only that`() throws {
        let stage = try Stage()
        let runner = stage.runner([
            Subscriber("a", to: Ended.self) { event, change in
                try change.schedule(Remind(number: event.number), at: .distant)
                if event.number == 2 { throw Broken() }
            }
        ])
        try stage.record(1, 2, 3)
        try runner.runDue()
        let planned: [String] = try stage.database.read { snapshot in
            try snapshot.all("SELECT payload FROM events_job ORDER BY id") { try $0[0] }
        }
        #expect(planned == [#"{"number":1}"#])
    }

    @Test func `one who fails is tried again, and those after wait, but nobody else does`() throws {
        let stage = try Stage()
        let heard = stage.heard
        let isDown = Mutex(true)
        let runner = stage.runner([
            Subscriber("a", to: Ended.self) { event, _ in
                if event.number == 2, isDown.withLock({ $0 }) { throw Broken() }
                heard.add("a\(event.number)")
            },
            Subscriber("b", to: Ended.self) { event, _ in heard.add("b\(event.number)") },
        ])
        try stage.record(1, 2, 3)
        try runner.runDue()
        #expect(heard.all == ["a1", "b1", "b2", "b3"])
        isDown.withLock { $0 = false }
        try runner.runDue()
        #expect(!heard.all.contains("a2"), "not before its pause is over")
        stage.clock.advance(seconds: 4)
        try runner.runDue()
        #expect(heard.all.suffix(2) == ["a2", "a3"])
    }

    @Test func `what fails to the end is a dead letter, and the next one is heard`() throws {
        let stage = try Stage()
        let heard = stage.heard
        let runner = stage.runner([
            Subscriber("a", to: Ended.self) { event, _ in
                heard.add("\(event.number)")
                if event.number == 1 { throw Broken() }
            }
        ])
        try stage.record(1, 2)
        for _ in 0..<20 {
            try runner.runDue()
            stage.clock.advance(seconds: 200)
        }
        #expect(heard.count(of: "1") == 8)
        #expect(heard.count(of: "2") == 1)
        let letter = try #require(try stage.deadLetters.first)
        #expect(letter.subscriber == "a")
        #expect(letter.name == Ended.name)
        #expect(letter.attempts == 8)
        #expect(letter.error.hasSuffix("Broken"))
    }

    @Test func `a dead letter can be tried again, once`() throws {
        let stage = try Stage()
        let heard = stage.heard
        let isDown = Mutex(true)
        let runner = stage.runner([
            Subscriber("a", to: Ended.self) { event, _ in
                if isDown.withLock({ $0 }) { throw Broken() }
                heard.add("\(event.number)")
            }
        ])
        try stage.record(1)
        for _ in 0..<20 {
            try runner.runDue()
            stage.clock.advance(seconds: 200)
        }
        isDown.withLock { $0 = false }
        let letter = try #require(try stage.deadLetters.first)
        try stage.database.write { try letter.retry(in: $0) }
        try runner.runDue()
        #expect(heard.all == ["1"])
        #expect(try stage.deadLetters.isEmpty)
        #expect(throws: NotThere.self) {
            try stage.database.write { try letter.retry(in: $0) }
        }
    }

    @Test func `one who comes later hears of everything, unless they ask for what is new`() throws {
        let stage = try Stage()
        let heard = stage.heard
        try stage.record(1)
        let runner = stage.runner([
            Subscriber("all", to: Ended.self) { event, _ in heard.add("all\(event.number)") },
            Subscriber("new", to: Ended.self, from: .now) { event, _ in
                heard.add("new\(event.number)")
            },
        ])
        try runner.runDue()
        try stage.record(2)
        try runner.runDue()
        #expect(heard.all == ["all1", "all2", "new2"])
    }

    @Test func `an unreadable event is a dead letter at once`() throws {
        let stage = try Stage()
        let runner = stage.runner([Subscriber("a", to: Ended.self) { _, _ in }])
        try stage.database.write { change in
            try change.run(
                """
                INSERT INTO events_event (number, name, payload, recorded_at)
                VALUES (1, \(Ended.name), '{}', 0)
                """
            )
        }
        try runner.runDue()
        #expect(try stage.deadLetters.count == 1)
    }

    @Test func `a started runner is woken by the change that recorded something`() throws {
        let stage = try Stage()
        let heard = stage.heard
        let done = DispatchSemaphore(value: 0)
        let runner = stage.runner(
            [
                Subscriber("a", to: Ended.self) { event, change in
                    heard.add("\(event.number)")
                    try change.schedule(Post(number: event.number), at: change.now)
                }
            ],
            jobs: [
                JobHandler(outside: Post.self) { job, _ in
                    heard.add("posted \(job.number)")
                    done.signal()
                }
            ]
        )
        runner.start()
        try stage.record(1)
        try #require(done.comes())
        runner.stop()
        #expect(heard.all == ["1", "posted 1"])
    }
}

extension Instant {
    static let distant = Instant(milliseconds: 1 << 50)
}
