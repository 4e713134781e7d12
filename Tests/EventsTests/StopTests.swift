import Basics
import Dispatch
import Events
import Glibc
import Store
import Synchronization
import TestSupport
import Testing

/// What a runner that is stopped still does: what it is at, and nothing more.
struct StopTests {
    private func schedule<Task: Job>(_ jobs: [Task], on stage: Stage) throws {
        try stage.database.write { change in
            for job in jobs { try change.schedule(job, at: change.now) }
        }
    }

    /// Starts it, stops it in the middle of the first piece, and waits for its end.
    private func stop(_ runner: EventRunner, once begun: DispatchSemaphore, then: () -> Void)
        throws
    {
        let ended = DispatchSemaphore(value: 0)
        runner.start()
        try #require(begun.comes())
        runner.stop { ended.signal() }
        then()
        try #require(ended.comes())
    }

    @Test func `work outside that is due stays for the next start`() throws {
        let stage = try Stage()
        let heard = stage.heard
        let begun = DispatchSemaphore(value: 0)
        let goOn = DispatchSemaphore(value: 0)
        let runner = stage.runner(jobs: [
            JobHandler(outside: Post.self) { job, _ in
                heard.add("\(job.number)")
                begun.signal()
                _ = goOn.comes()
            }
        ])
        try schedule([1, 2, 3].map(Post.init), on: stage)
        try stop(runner, once: begun) { for _ in 0..<3 { goOn.signal() } }
        #expect(heard.all == ["1"])
        for _ in 0..<2 { goOn.signal() }
        try runner.runDue()
        #expect(heard.all == ["1", "2", "3"])
    }

    @Test func `events and jobs that wait stay for the next start`() throws {
        let stage = try Stage()
        let heard = stage.heard
        let begun = DispatchSemaphore(value: 0)
        let goOn = DispatchSemaphore(value: 0)
        let runner = stage.runner(
            [
                Subscriber("a", to: Ended.self) { event, _ in
                    heard.add("a\(event.number)")
                    begun.signal()
                    _ = goOn.comes()
                },
                Subscriber("b", to: Ended.self) { event, _ in heard.add("b\(event.number)") },
            ],
            jobs: [JobHandler(for: Remind.self) { job, _ in heard.add("job \(job.number)") }]
        )
        try stage.record(1, 2)
        try schedule([Remind(number: 3), Remind(number: 4)], on: stage)
        try stop(runner, once: begun) { for _ in 0..<2 { goOn.signal() } }
        #expect(heard.all == ["a1"])
        try runner.runDue()
        #expect(heard.all == ["a1", "a2", "b1", "b2", "job 3", "job 4"])
    }

    @Test func `work outside that was cut off is done at the next start, and counts as not tried`()
        throws
    {
        let stage = try Stage()
        let heard = stage.heard
        let log = Heard()
        let begun = DispatchSemaphore(value: 0)
        let runner = stage.runner(
            jobs: [
                JobHandler(outside: Post.self) { _, errand in
                    begun.signal()
                    _ = comes { !errand.mayGoOn() }
                    throw CutOff()
                }
            ],
            log: log.add
        )
        try schedule([Post(number: 1)], on: stage)
        try stop(runner, once: begun) {}
        #expect(log.all.isEmpty)
        let attempts: Int? = try stage.database.read {
            try $0.value("SELECT attempts FROM events_job")
        }
        #expect(attempts == 0)
        let next = stage.runner(jobs: [
            JobHandler(outside: Post.self) { job, _ in heard.add("\(job.number)") }
        ])
        try next.runDue()
        #expect(heard.all == ["1"])
    }
}
