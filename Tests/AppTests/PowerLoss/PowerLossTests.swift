import Basics
import CFaultyDisk
import Dispatch
import Foundation
import Identity
import Synchronization
import TestSupport
import Testing
import Web

@testable import App
@testable import Store

/// The whole application over a disk whose power goes in the midst of anything: programs write
/// through the routes until it happens, and ask again when it is back.
@Suite(.serialized) struct PowerLossTests {
    private static let writers = 8

    /// How often it happens here; `bin/torture` says more.
    private static let losses =
        ProcessInfo.processInfo.environment["KITH_POWER_LOSSES"].flatMap { Int($0) } ?? 10

    private static let seed =
        ProcessInfo.processInfo.environment["KITH_SEED"].flatMap { UInt64($0) }
        ?? RandomSource.system.word() >> 32

    /// A community at rest, of which each loss gets a copy, and what a program needs to use it.
    private struct Pattern: Sendable {
        let folder: TestFolder
        let token: String
        let accounts: [String]
        let entries: Int64
        let balances: [String: Int64]

        init() throws {
            folder = try TestFolder()
            let rig = try Rig()
            let client = try RestClient(rig, "eve", .ledger)
            token = client.token
            let kinds = try client.accounts()
            accounts = [try #require(kinds["bank"]), try #require(kinds["funds"])]
            let reading = try client.get("/api/ledger/balances").json
            entries = reading["entries"]?.number ?? 0
            balances = PowerLossTests.balances(reading)
            // The store's file at rest has everything in it.
            rig.database.close()
            try FileManager.default.copyItem(
                atPath: rig.database.path,
                toPath: folder.path + "/store.db"
            )
        }
    }

    /// What was asked for, and what was answered: the bytes, since the same is answered again.
    private final class Asked: Sendable {
        let answers = Mutex<[String: [UInt8]?]>([:])

        func note(_ key: String, _ answer: PageAnswer?) {
            answers.withLock { answers in
                if answer?.status == 201 {
                    answers[key] = answer?.body
                } else if answers[key] == nil {
                    answers[key] = .some(nil)
                }
            }
        }
    }

    private static func balances(_ reading: JSON) -> [String: Int64] {
        Dictionary(
            uniqueKeysWithValues: (reading["balances"]?.items ?? []).map {
                ($0["account"]?.string ?? "", $0["balance"]?.number ?? 0)
            }
        )
    }

    private static func amount(of key: String) -> Int64 {
        Int64(key.utf8.reduce(0) { ($0 * 31 + Int($1)) % 100_000 }) + 1
    }

    private static func post(_ key: String, _ client: RestClient, _ pattern: Pattern) throws
        -> PageAnswer
    {
        let amount = amount(of: key)
        return try client.post(
            """
            {"legs":[{"account":"\(pattern.accounts[0])","amount":\(-amount),"currency":"GBP"},
            {"account":"\(pattern.accounts[1])","amount":\(amount),"currency":"GBP"}]}
            """,
            key: key
        )
    }

    @Test func `what was acknowledged is there when the power comes back`() throws {
        #expect(power_loss_install() == 0)
        let pattern = try Pattern()
        let random = RandomSource.seeded(Self.seed)
        var acknowledged = 0
        var lost: Int32 = 0
        for number in 0..<Self.losses {
            let folder = try TestFolder()
            let path = folder.path + "/store.db"
            try FileManager.default.copyItem(
                atPath: pattern.folder.path + "/store.db",
                toPath: path
            )
            let asked = try write(path, pattern, until: 1 + random.number(below: 1200))
            lost += power_loss_strike(random.word())
            // What is in memory goes with the power.
            try? FileManager.default.removeItem(atPath: path + "-shm")
            acknowledged += asked.answers.withLock { $0.values.count { $0 != nil } }
            let problems = try problems(path, pattern, asked)
            #expect(problems == [], "loss \(number) of seed \(Self.seed)")
        }
        // Otherwise nothing was tried.
        #expect(acknowledged > 0 && lost > 0, "seed \(Self.seed)")
        print("power: \(Self.losses) losses of seed \(Self.seed), \(acknowledged) acknowledged")
    }

    /// Writes until the power goes.
    private func write(_ path: String, _ pattern: Pattern, until call: Int) throws -> Asked {
        var options = Database.Options()
        options.fileSystem = "power"
        options.limits.idleCheckpointPages = 40
        let asked = Asked()
        let database = try Database(file: path, options: options)
        defer { database.close() }
        let rig = try Rig(serving: database)
        let client = RestClient(rig, token: pattern.token)
        power_loss_at(Int32(call))
        DispatchQueue.concurrentPerform(iterations: Self.writers) { writer in
            for number in 0..<400 where power_loss_is_gone() == 0 {
                let key = "\(writer)-\(number)"
                asked.note(key, nil)
                asked.note(key, try? Self.post(key, client, pattern))
            }
        }
        #expect(power_loss_is_gone() == 1)
        return asked
    }

    /// Starts again on a sound disk, asks again, and holds everything against what was answered.
    private func problems(_ path: String, _ pattern: Pattern, _ asked: Asked) throws -> [String] {
        var problems: [String] = []
        let database = try Database(file: path)
        let rig = try Rig(serving: database)
        let client = RestClient(rig, token: pattern.token)
        var expected = pattern.balances
        var numbers: Set<Int64> = []
        for (key, before) in asked.answers.withLock({ $0 }) {
            let answer = try Self.post(key, client, pattern)
            if let before, answer.body != before {
                let first = String(decoding: before, as: UTF8.self)
                problems.append("\(key) was answered \(first), now \(answer.text)")
            }
            let number = answer.json["id"]?.number ?? 0
            if answer.status != 201 || !numbers.insert(number).inserted {
                problems.append("\(key): \(answer.status) \(answer.text)")
            }
            expected[pattern.accounts[0], default: 0] -= Self.amount(of: key)
            expected[pattern.accounts[1], default: 0] += Self.amount(of: key)
        }
        let reading = try client.get("/api/ledger/balances").json
        if Self.balances(reading) != expected { problems.append("balances: \(reading)") }
        if reading["entries"] != .whole(pattern.entries + Int64(numbers.count)) {
            problems.append("\(numbers.count) were asked for: \(reading)")
        }
        database.close()
        return problems + (try Verify.problems(at: path, TestStore.migrations()))
    }
}
