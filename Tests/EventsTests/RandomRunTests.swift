import Basics
import Events
import Store
import Synchronization
import TestSupport
import Testing

/// Random runs against a model: whatever happens in between, everything is heard in order and
/// done once, or ends as a dead letter.
struct RandomRunTests {
    /// What the model knows: what was asked for, and what was taken back in time.
    private struct Model {
        var events = 0
        var jobs = 0
        var waitingByKey: [String: Int] = [:]
        var takenBack: Set<Int> = []

        /// The job of that key, if it has not been done, will not be.
        mutating func takeBack(_ key: String, unless done: Set<Int>) {
            if let job = waitingByKey.removeValue(forKey: key), !done.contains(job) {
                takenBack.insert(job)
            }
        }
    }

    /// How often the thing with this number fails before it works; nil is always.
    private static func failures(_ number: Int) -> Int? {
        number % 17 == 5 ? nil : number % 5 == 3 ? number % 3 + 1 : 0
    }

    private final class Tries: Sendable {
        private let counts = Mutex<[String: Int]>([:])

        func fail(_ name: String, _ number: Int) throws {
            let before = counts.withLock { counts in
                defer { counts["\(name)\(number)", default: 0] += 1 }
                return counts["\(name)\(number)", default: 0]
            }
            guard let failures = failures(number), before >= failures else { throw Broken() }
        }
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func `nothing is lost, nothing is done twice, nothing comes out of order`(
        seed: UInt64
    ) throws {
        let random = RandomSource.seeded(seed)
        let stage = try Stage()
        let tries = Tries()
        let heard = Heard()
        let done = Mutex<[Int]>([])
        var model = Model()

        func newRunner() -> EventRunner {
            stage.runner(
                ["a", "b"].map { name in
                    Subscriber(name, to: Ended.self) { event, _ in
                        try tries.fail(name, event.number)
                        heard.add("\(name)\(event.number)")
                    }
                },
                jobs: [
                    JobHandler(for: Remind.self) { job, _ in
                        try tries.fail("inside", job.number)
                        done.withLock { $0.append(job.number) }
                    },
                    JobHandler(outside: Post.self) { job, _ in
                        try tries.fail("outside", job.number)
                        done.withLock { $0.append(job.number) }
                    },
                ]
            )
        }

        var runner = newRunner()
        for _ in 0..<200 {
            switch random.number(below: 8) {
            case 0, 1:
                model.events += 1
                try stage.record(model.events)
            case 2, 3:
                model.jobs += 1
                let number = model.jobs
                let key = random.number(below: 2) == 0 ? nil : "k\(random.number(below: 4))"
                let delay = Int64(random.number(below: 120))
                let isOutside = random.number(below: 2) == 0
                if let key {
                    model.takeBack(key, unless: Set(done.withLock { $0 }))
                    model.waitingByKey[key] = number
                }
                try stage.database.write { change in
                    let time = change.now.adding(seconds: delay)
                    if isOutside {
                        try change.schedule(Post(number: number), at: time, key: key)
                    } else {
                        try change.schedule(Remind(number: number), at: time, key: key)
                    }
                }
            case 4:
                let key = "k\(random.number(below: 4))"
                model.takeBack(key, unless: Set(done.withLock { $0 }))
                try stage.database.write { try $0.cancelJob(key: key) }
            case 5: stage.clock.advance(seconds: Int64(random.number(below: 90)))
            case 6: try runner.runDue()
            default: runner = newRunner()
            }
        }
        // Long enough for everything to be tried to the end.
        for _ in 0..<60 {
            try runner.runDue()
            stage.clock.advance(seconds: 4000)
        }

        for name in ["a", "b"] {
            let mine = heard.all.filter { $0.hasPrefix(name) }
            let expected = (1...model.events).filter { Self.failures($0) != nil }
            #expect(mine == expected.map { "\(name)\($0)" })
        }
        let made = done.withLock { $0.sorted() }
        let expected = (1...model.jobs).filter {
            !model.takenBack.contains($0) && Self.failures($0) != nil
        }
        #expect(made == expected)
        let dead = try stage.deadLetters
        let lostEvents = (1...model.events).count { Self.failures($0) == nil }
        #expect(dead.count { $0.subscriber != nil } == 2 * lostEvents)
        let left: Int? = try stage.database.read { try $0.value("SELECT count(*) FROM events_job") }
        #expect(left == 0)
    }
}
