import Basics
import Events
import Store
import Synchronization
import TestSupport
import Testing

struct JobTests {
    private func reminders(_ heard: Heard) -> JobHandler {
        JobHandler(for: Remind.self) { job, _ in heard.add("\(job.number)") }
    }

    private func plan(
        _ number: Int,
        after seconds: Int64,
        key: String? = nil,
        on stage: Stage
    ) throws {
        try stage.database.write { change in
            let time = change.now.adding(seconds: seconds)
            try change.schedule(Remind(number: number), at: time, key: key)
        }
    }

    @Test func `a job runs once its time has come, and once only`() throws {
        let stage = try Stage()
        let runner = stage.runner(jobs: [reminders(stage.heard)])
        try plan(1, after: 60, on: stage)
        try runner.runDue()
        #expect(stage.heard.all.isEmpty)
        stage.clock.advance(seconds: 60)
        try runner.runDue()
        try runner.runDue()
        #expect(stage.heard.all == ["1"])
    }

    @Test func `jobs run in the order of their times`() throws {
        let stage = try Stage()
        let runner = stage.runner(jobs: [reminders(stage.heard)])
        for (number, seconds) in [(1, 30), (2, 10), (3, 20), (4, 10)] {
            try plan(number, after: Int64(seconds), on: stage)
        }
        stage.clock.advance(seconds: 60)
        try runner.runDue()
        #expect(stage.heard.all == ["2", "4", "3", "1"])
    }

    @Test func `a job with a key takes the place of the one before`() throws {
        let stage = try Stage()
        let runner = stage.runner(jobs: [reminders(stage.heard)])
        try plan(1, after: 10, key: "k", on: stage)
        try plan(2, after: 20, key: "k", on: stage)
        try plan(3, after: 10, key: "other", on: stage)
        stage.clock.advance(seconds: 60)
        try runner.runDue()
        #expect(stage.heard.all == ["3", "2"])
    }

    @Test func `a cancelled job does not run`() throws {
        let stage = try Stage()
        let runner = stage.runner(jobs: [reminders(stage.heard)])
        try plan(1, after: 10, key: "k", on: stage)
        try stage.database.write { try $0.cancelJob(key: "k") }
        stage.clock.advance(seconds: 60)
        try runner.runDue()
        #expect(stage.heard.all.isEmpty)
    }

    @Test func `a job may plan the next of its kind under its own key`() throws {
        let stage = try Stage()
        let heard = stage.heard
        let runner = stage.runner(jobs: [
            JobHandler(for: Remind.self) { job, change in
                heard.add("\(job.number)")
                let next = Remind(number: job.number + 1)
                try change.schedule(next, at: change.now.adding(seconds: 10), key: "k")
            }
        ])
        try plan(1, after: 0, key: "k", on: stage)
        for _ in 0..<3 {
            try runner.runDue()
            stage.clock.advance(seconds: 10)
        }
        #expect(heard.all == ["1", "2", "3"])
    }

    @Test(arguments: [false, true])
    func `a failing job is tried again with longer pauses, then it is a dead letter`(
        isOutside: Bool
    ) throws {
        let stage = try Stage()
        let heard = stage.heard
        let times = Mutex<[Int64]>([])
        let retries = Retries(
            attempts: 5,
            firstPauseSeconds: 10,
            factor: 4,
            longestPauseSeconds: 400
        )
        let clock = stage.clock
        let fail: @Sendable (Int) throws -> Void = { number in
            heard.add("\(number)")
            if number == 1 {
                times.withLock { $0.append(clock.source.now().milliseconds / 1000) }
                throw Broken()
            }
        }
        let runner = stage.runner(jobs: [
            isOutside
                ? JobHandler(outside: Remind.self, retries: retries) { job, _ in
                    try fail(job.number)
                }
                : JobHandler(for: Remind.self, retries: retries) { job, _ in
                    try fail(job.number)
                }
        ])
        try plan(1, after: 0, on: stage)
        try plan(2, after: 0, on: stage)
        for _ in 0..<1200 {
            try runner.runDue()
            clock.advance(seconds: 1)
        }
        #expect(heard.count(of: "1") == 5)
        #expect(heard.count(of: "2") == 1)
        let moments = times.withLock { $0 }
        let pauses = zip(moments, moments.dropFirst()).map { $1 - $0 }
        for (pause, ideal) in zip(pauses, [10, 40, 160, 400] as [Int64]) {
            #expect(pause >= ideal / 2 && pause <= ideal * 3 / 2 + 1)
        }
        let letter = try #require(try stage.deadLetters.first)
        #expect(letter.subscriber == nil)
        #expect(letter.attempts == 5)

        try stage.database.write { try letter.retry(in: $0) }
        try runner.runDue()
        #expect(heard.count(of: "1") == 6)
    }

    @Test func `a job nobody knows any more ends where people can see it`() throws {
        let stage = try Stage()
        try plan(1, after: 0, on: stage)
        try stage.runner().runDue()
        #expect(try stage.deadLetters.map(\.name) == [Remind.name])
    }

    @Test func `work outside that a crash cut off is done again by the next process`() throws {
        let folder = try TestFolder()
        let heard = Heard()
        let clock = StandingClock(Instant(milliseconds: 1_000_000))
        var options = Database.Options()
        options.time = clock.source
        do {
            let database = try Database(file: folder.path + "/store.db", options: options)
            try TestStore.migrations().apply(to: database)
            try database.write { try $0.schedule(Post(number: 1), at: $0.now) }
            // As it stands on disk when the process dies in the middle of the work.
            try database.write { change in
                try change.run("UPDATE events_job SET started_at = \(change.now)")
            }
        }
        let database = try Database(file: folder.path + "/store.db", options: options)
        let runner = EventRunner(
            database: database,
            subscribers: [],
            jobs: [JobHandler(outside: Post.self) { job, _ in heard.add("\(job.number)") }],
            time: clock.source
        )
        try runner.runDue()
        try runner.runDue()
        #expect(heard.all == ["1"])
    }

    @Test func `work that brings the process down every time ends as a dead letter`() throws {
        let stage = try Stage()
        let heard = stage.heard
        let retries = Retries(
            attempts: 3,
            firstPauseSeconds: 1,
            factor: 1,
            longestPauseSeconds: 1
        )
        let handler = JobHandler(outside: Post.self, retries: retries) { job, _ in
            heard.add("\(job.number)")
        }
        try stage.database.write { change in
            try change.schedule(Post(number: 1), at: change.now)
            // As it stands after the third process that died in the middle of it: the next one
            // counts that, and does not try again.
            try change.run("UPDATE events_job SET attempts = 2, started_at = \(change.now)")
        }
        try stage.runner(jobs: [handler]).runDue()
        #expect(heard.all.isEmpty)
        let letter = try #require(try stage.deadLetters.first)
        #expect(letter.error.hasSuffix("Interrupted"))
    }

    @Test func `the log is told why a job failed, in words that name nobody`() throws {
        struct Refused: LoggedError {
            let name = "Ben"
            var logged: String { "the server said 550" }
        }
        let stage = try Stage()
        let log = Heard()
        let runner = stage.runner(
            jobs: [JobHandler(outside: Post.self) { _, _ in throw Refused() }],
            log: log.add
        )
        try stage.database.write { try $0.schedule(Post(number: 1), at: $0.now) }
        try runner.runDue()
        #expect(log.all == ["job test.post, attempt 1: the server said 550"])
    }

    @Test func `work outside that replaces itself leaves the new one in place`() throws {
        let stage = try Stage()
        let heard = stage.heard
        let runner = stage.runner(jobs: [
            JobHandler(outside: Post.self) { job, errand in
                heard.add("\(job.number)")
                try errand.database.write { change in
                    let later = change.now.adding(seconds: 60)
                    try change.schedule(Post(number: job.number + 1), at: later, key: "k")
                }
            }
        ])
        try stage.database.write { try $0.schedule(Post(number: 1), at: $0.now, key: "k") }
        try runner.runDue()
        stage.clock.advance(seconds: 60)
        try runner.runDue()
        #expect(heard.all == ["1", "2"])
    }
}
