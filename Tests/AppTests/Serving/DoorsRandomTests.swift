import Basics
import Dispatch
import Events
import Foundation
import Store
import Synchronization
import TestSupport
import Testing

@testable import App

/// Requests, jobs, closings and readings of settings at random, beside each other.
@Suite(.serialized) struct DoorsRandomTests {
    private static let seed =
        ProcessInfo.processInfo.environment["KITH_SEED"].flatMap { UInt64($0) }
        ?? RandomSource.system.word() >> 32

    private final class Counted: Sendable {
        private struct State {
            var planned: [String: Int] = [:]
            var wrong: [String] = []
            var answers = 0
        }

        private let state = Mutex(State())

        var wrong: [String] { state.withLock { $0.wrong } }
        var answers: Int { state.withLock { $0.answers } }

        func planned(at name: String) -> Int { state.withLock { $0.planned[name, default: 0] } }
        func plan(at name: String) { state.withLock { $0.planned[name, default: 0] += 1 } }
        func answer() { state.withLock { $0.answers += 1 } }
        func fail(_ line: String) { state.withLock { $0.wrong.append(line) } }
    }

    @Test func `whatever happens beside it, each is answered by its own and no job is lost`() throws
    {
        let many = try ManyCommunities(idleSeconds: 1)
        let counted = Counted()
        let over = Mutex(false)
        let clients = (0..<3).map { client in
            let random = RandomSource.seeded(Self.seed &+ UInt64(client))
            return Self.thread("client \(client)") {
                for number in 0..<120 {
                    let name = ManyCommunities.names[random.number(below: 3)]
                    if random.number(below: 4) == 0 {
                        Self.plan(client * 1000 + number, random, at: name, many, counted)
                    } else {
                        Self.ask(name, many, counted)
                    }
                    usleep(UInt32(random.number(below: 20_000)))
                }
            }
        }
        let random = RandomSource.seeded(Self.seed &+ 100)
        let keeper = Self.thread("keeper") {
            while !over.withLock({ $0 }) {
                many.clock.advance(seconds: Int64(random.number(below: 3)))
                if random.number(below: 10) == 0 {
                    _ = try? many.doors.change(to: ManyCommunities.plan(many.folder.path))
                }
                many.doors.round()
                usleep(UInt32(random.number(below: 10_000)))
            }
        }
        defer { over.withLock { $0 = true } }
        for client in clients { try #require(client.comes(within: 300)) }
        over.withLock { $0 = true }
        try #require(keeper.comes())

        #expect(counted.wrong == [], "seed \(Self.seed)")
        #expect(counted.answers > 200)
        #expect(many.openings > 3, "nothing was closed: seed \(Self.seed)")
        // Everything that was planned is done in the end, by whoever is opened for it.
        many.clock.advance(seconds: 600)
        try many.round { many.open == 0 }
        for name in ManyCommunities.names {
            try many.round {
                try many.open == 0
                    && many.count("dead letters", of: name) == counted.planned(at: name)
            }
            let database = try Database.open(forReading: many.data(name) + "/kith.db")
            #expect(try database.check() == [], "seed \(Self.seed)")
            database.close()
        }
        many.doors.end()
        #expect(many.open == 0)
    }

    @Test func `an end in the midst of it leaves every store closed and whole`() throws {
        for round in 0..<5 {
            let many = try ManyCommunities(idleSeconds: 1)
            let random = RandomSource.seeded(Self.seed &+ UInt64(round))
            let clients = (0..<3).map { client in
                Self.thread("client \(client)") {
                    for _ in 0..<8 {
                        _ = try? many.get(ManyCommunities.names[(client + round) % 3])
                    }
                }
            }
            usleep(UInt32(random.number(below: 60_000)))
            many.clock.advance(seconds: 5)
            many.doors.round()
            many.doors.end()
            for client in clients { try #require(client.comes()) }
            for name in ManyCommunities.names {
                // Nobody has it any more.
                let database = try Database(file: many.data(name) + "/kith.db")
                #expect(try database.check() == [])
                database.close()
            }
        }
    }

    private static func ask(_ name: String, _ many: ManyCommunities, _ counted: Counted) {
        let answer = try? many.get(name)
        counted.answer()
        guard let answer, answer.status == 200, answer.text.contains("The \(name)") else {
            return counted.fail("\(name) answered \(answer?.status ?? 0)")
        }
    }

    private static func plan(
        _ number: Int,
        _ random: RandomSource,
        at name: String,
        _ many: ManyCommunities,
        _ counted: Counted
    ) {
        let done = DispatchSemaphore(value: 0)
        let seconds = Int64(random.number(below: 5))
        _ = many.doors.door(at: name)?.enter { entered in
            do {
                try entered.get().community.database.write { change in
                    try change.schedule(
                        Marked(number: number),
                        at: change.now.adding(seconds: seconds)
                    )
                }
                counted.plan(at: name)
            } catch {
                counted.fail("\(name): \(error)")
            }
            done.signal()
        }
        if !done.comes() { counted.fail("\(name) let nobody in") }
    }

    private static func thread(
        _ name: String,
        _ work: @escaping @Sendable () -> Void
    ) -> DispatchSemaphore {
        let done = DispatchSemaphore(value: 0)
        DispatchQueue(label: name).async {
            work()
            done.signal()
        }
        return done
    }
}
