import Basics
import Events
import Store
import Synchronization
import TestSupport

struct Ended: Event {
    static let name = "test.ended"
    let number: Int
}

struct Begun: Event {
    static let name = "test.begun"
    let number: Int
}

struct Remind: Job {
    static let name = "test.remind"
    let number: Int
}

struct Post: Job {
    static let name = "test.post"
    let number: Int
}

struct Broken: Error {}

/// What was heard, in the order in which it was heard.
final class Heard: Sendable {
    private let words = Mutex<[String]>([])

    var all: [String] { words.withLock { $0 } }

    func add(_ word: String) {
        words.withLock { $0.append(word) }
    }

    func count(of word: String) -> Int {
        words.withLock { words in words.count { $0 == word } }
    }
}

/// A store, a clock that stands still, and a runner over both.
struct Stage {
    let clock = StandingClock(Instant(milliseconds: 1_000_000))
    let database: Database
    let heard = Heard()

    init() throws {
        database = try TestStore.fresh(time: clock.source, random: .seeded(7))
    }

    var now: Instant { clock.source.now() }

    func runner(
        _ subscribers: [Subscriber] = [],
        jobs: [JobHandler] = [],
        log: @escaping @Sendable (String) -> Void = { _ in }
    ) -> EventRunner {
        EventRunner(
            database: database,
            subscribers: subscribers,
            jobs: jobs,
            time: clock.source,
            random: .seeded(11),
            log: log
        )
    }

    func record(_ numbers: Int...) throws {
        for number in numbers {
            try database.write { try $0.record(Ended(number: number)) }
        }
    }

    var deadLetters: [DeadLetter] {
        get throws { try database.read { try DeadLetter.all(in: $0) } }
    }
}
