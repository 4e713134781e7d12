import Dispatch
import Synchronization
import TestSupport
import Testing

@testable import HTTPServer

@Suite struct SlowLaneTests {
    @Test func `workers take from each line in turn, and a full line is full for its own`() throws {
        let workers = SlowWorkers(1, waiting: 4)
        let lanes = (0..<3).map { _ in SlowLane(sharing: workers) }
        let begun = DispatchSemaphore(value: 0)
        let gate = DispatchSemaphore(value: 0)
        let done = DispatchGroup()
        let order = Mutex<[Int]>([])
        func run(_ lane: Int) -> Bool {
            done.enter()
            let isTaken = lanes[lane].run {
                order.withLock { $0.append(lane) }
                done.leave()
            }
            if !isTaken { done.leave() }
            return isTaken
        }
        _ = lanes[0].run {
            begun.signal()
            _ = gate.comes()
        }
        try #require(begun.comes())
        #expect((0..<6).map { _ in run(0) } == [true, true, true, true, false, false])
        #expect([run(1), run(1), run(2)] == [true, true, true])
        gate.signal()
        try #require(done.comes())
        #expect(order.withLock { $0 } == [0, 1, 2, 0, 1, 0, 0])
    }

    @Test func `how much may wait can be changed while the lane is used`() throws {
        let workers = SlowWorkers(1, waiting: 1)
        let lane = SlowLane(sharing: workers)
        let begun = DispatchSemaphore(value: 0)
        let gate = DispatchSemaphore(value: 0)
        _ = lane.run {
            begun.signal()
            _ = gate.comes()
        }
        try #require(begun.comes())
        #expect([lane.run {}, lane.run {}] == [true, false])
        workers.allow(waiting: 2)
        #expect([lane.run {}, lane.run {}] == [true, false])
        gate.signal()
    }

    @Test func `a line that was empty is as good as new`() throws {
        let lane = SlowLane(sharing: SlowWorkers(1, waiting: 1))
        for _ in 0..<200 {
            let done = DispatchSemaphore(value: 0)
            try #require(comes(every: 0) { lane.run { done.signal() } })
            try #require(done.comes())
        }
    }

    @Test func `one client has a share of the line, and others do not wait behind it`() throws {
        let lane = SlowLane(sharing: SlowWorkers(1, waiting: 16))
        let begun = DispatchSemaphore(value: 0)
        let gate = DispatchSemaphore(value: 0)
        let done = DispatchGroup()
        let order = Mutex<[String]>([])
        func run(_ client: String) -> Bool {
            done.enter()
            let isTaken = lane.run(for: client) {
                order.withLock { $0.append(client) }
                done.leave()
            }
            if !isTaken { done.leave() }
            return isTaken
        }
        _ = lane.run {
            begun.signal()
            _ = gate.comes()
        }
        try #require(begun.comes())
        #expect((0..<5).map { _ in run("2001:db8::1") } == [true, true, true, true, false])
        // Of one household's network.
        #expect(!run("2001:db8::2"))
        #expect([run("203.0.113.5"), run("203.0.113.5"), run("2001:db8:0:1::1")].allSatisfy { $0 })
        gate.signal()
        try #require(done.comes())
        #expect(
            order.withLock { $0 } == [
                "2001:db8::1", "203.0.113.5", "2001:db8:0:1::1",
                "2001:db8::1", "203.0.113.5", "2001:db8::1", "2001:db8::1",
            ]
        )
    }
}
