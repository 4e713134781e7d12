import Basics
import Dispatch
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import App

/// Openings that hang in the file system, beside others that do not.
@Suite struct OpenersTests {
    private final class Counted: Sendable {
        private let counts = Mutex<[String: Int]>([:])
        subscript(name: String) -> Int { counts.withLock { $0[name, default: 0] } }
        func count(_ name: String) { counts.withLock { $0[name, default: 0] += 1 } }

        func attempt(
            waiting: Double = 0,
            _ open: @escaping @Sendable () -> Void
        ) -> Openers.Attempt {
            Openers.Attempt { begun in
                Thread.sleep(forTimeInterval: waiting)
                begun()
                open()
                self.count("opened")
            } late: {
                self.count("late")
            } refused: {
                self.count("refused")
            } over: {
                self.count("over")
            }
        }
    }

    private func wait(until isSo: () -> Bool) {
        let hasCome = comes(isSo)
        #expect(hasCome)
    }

    @Test func `those that hang are given up, and the others go on`() {
        let openers = Openers(1, limitMilliseconds: 500)
        let counted = Counted()
        let gate = DispatchSemaphore(value: 0)
        openers.begin(counted.attempt { _ = gate.comes() })
        openers.begin(counted.attempt { _ = gate.comes() })
        openers.begin(counted.attempt {})
        wait { counted["opened"] == 1 }
        #expect(counted["late"] == 2 && counted["over"] == 3)
        gate.signal()
        gate.signal()
        wait { counted["opened"] == 3 }
        #expect(counted["over"] == 3 && counted["refused"] == 0)
    }

    @Test func `what waits before it begins is not late`() {
        let openers = Openers(1, limitMilliseconds: 500)
        let counted = Counted()
        openers.begin(counted.attempt(waiting: 1) {})
        wait { counted["over"] == 1 }
        #expect(counted["opened"] == 1 && counted["late"] == 0)
    }

    @Test func `when many hang the next is refused at once, until one comes back`() {
        let openers = Openers(4, limitMilliseconds: 500)
        let counted = Counted()
        let gate = DispatchSemaphore(value: 0)
        let most = Openers.mostHanging
        for _ in 0..<most { openers.begin(counted.attempt { _ = gate.comes() }) }
        wait { counted["late"] == most }
        openers.begin(counted.attempt {})
        wait { counted["refused"] == 1 }
        #expect(counted["over"] == most + 1)
        for _ in 0..<most { gate.signal() }
        wait { counted["opened"] == most }
        openers.begin(counted.attempt {})
        wait { counted["opened"] == most + 1 }
    }

    @Test func `a community whose files hang holds up no other, nor the end`() throws {
        let clock = StandingClock(Rig.start)
        let hangs = Mutex(false)
        let gate = DispatchSemaphore(value: 0)
        let many = try ManyCommunities(
            mostOpen: 1,
            openingMilliseconds: 3000,
            clock: clock,
            time: TimeSource {
                // Opening a store asks for the time.
                if hangs.withLock({ $0 }) { _ = gate.comes() }
                return clock.source.now()
            }
        )
        hangs.withLock { $0 = true }
        #expect(try many.get("north.example").status == 503)
        // Nobody waits for it any more.
        let begun = DispatchTime.now()
        #expect(try many.get("north.example").header("retry-after") == "30")
        #expect(DispatchTime.now().uptimeNanoseconds - begun.uptimeNanoseconds < 2_000_000_000)
        #expect(try many.get("10.0.0.1", "/metrics").text.contains("kith_communities_broken 1\n"))
        hangs.withLock { $0 = false }
        #expect(try many.get("south.example").status == 200)
        many.doors.end()
        gate.signal()
        wait { many.openings >= 2 }
        #expect(many.openings == 2)
        for door in many.doors.all { door.end() }
        #expect(many.open == 0)
    }

    @Test func `what is no plain file is read as no settings`() throws {
        let many = try ManyCommunities()
        let settings = many.data("north.example") + "/community.json"
        try FileManager.default.removeItem(atPath: settings)
        #expect(try Program.run("/usr/bin/mkfifo", [settings]).status == 0)
        #expect(try many.get("north.example").status == 503)
        #expect(try many.get("south.example").status == 200)
        #expect(many.open == 1)
    }
}
