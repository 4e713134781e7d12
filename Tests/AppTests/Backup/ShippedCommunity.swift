import Basics
import Foundation
import Store
import Synchronization
import TestSupport
import Testing

/// A community that ships to a second place, served by a process of its own that can be killed.
final class ShippedCommunity: Sendable {
    /// An entry of the ledger that was acknowledged, and when.
    struct Acknowledged: Sendable {
        let number: Int
        let time: Instant
    }

    let folder: TestFolder
    private let process = Mutex<ChildProcess?>(nil)
    private let address = Mutex("")
    private let accounts = Mutex<(String, String)>(("", ""))

    var data: String { folder.path + "/data" }
    var place: String { folder.path + "/second" }
    var key: String { data + "/backup.key" }

    init(shipping: String? = nil) throws {
        folder = try TestFolder()
        try SeededCommunity.copy(to: data)
        let shipping = shipping ?? "{\"folder\": \"\(place)\"}"
        try "{\"shipping\": \(shipping)}".write(
            toFile: data + "/community.json",
            atomically: true,
            encoding: .utf8
        )
    }

    deinit {
        kill()
    }

    func serve(_ more: String...) throws {
        let said = folder.path
        let started = try Program.start(
            Program.path,
            ["serve", "--data", data, "--port", "0"] + more,
            said: said
        )
        process.withLock { $0 = started }
        try wait("it serves") {
            let line = try Program.lines(said + "/lines").first { $0.contains(" serves ") }
            guard
                let found = line?.range(of: "http://localhost:[0-9]+", options: .regularExpression)
            else { return false }
            address.withLock { $0 = String(line?[found] ?? "") }
            return true
        }
    }

    func kill() {
        process.withLock { process in
            process?.kill()
            process = nil
        }
    }

    func stop() {
        process.withLock { process in
            process?.stop()
            process = nil
        }
    }

    func problems() throws -> [String] {
        try Program.lines(folder.path + "/problems").filter { $0.contains("\"problem\"") }
    }

    // MARK: - Requests

    func get(_ path: String) throws -> (status: Int, body: String) {
        try send(path, [])
    }

    private func send(_ path: String, _ more: [String]) throws -> (status: Int, body: String) {
        let answer = try Program.run(
            "/usr/bin/curl",
            [
                "-s", "-m", "20", "-w", "\n%{http_code}", "-H",
                "Authorization: Bearer \(try SeededCommunity.token)",
            ] + more + [address.withLock { $0 } + path]
        )
        return (Int(answer.lines.last ?? "") ?? 0, answer.lines.dropLast().joined(separator: "\n"))
    }

    /// Writes an entry into the ledger; nil if no answer came.
    func enter() throws -> Acknowledged? {
        let (bank, funds) = try ledgerAccounts()
        let body = """
            {"kind": "top-up", "effectiveAt": "2026-11-21T09:00:00Z", "legs": [
            {"account": "\(bank)", "amount": -100, "currency": "GBP"},
            {"account": "\(funds)", "amount": 100, "currency": "GBP"}]}
            """
        let answer = try send(
            "/api/ledger/entries",
            [
                "-H", "Content-Type: application/json",
                "-H", "Idempotency-Key: \(UUID().uuidString)", "-d", body,
            ]
        )
        let time = TimeSource.system.now()
        guard answer.status == 201 else { return nil }
        let made = try JSONDecoder().decode(Entry.self, from: Data(answer.body.utf8))
        return Acknowledged(number: made.id, time: time)
    }

    private struct Entry: Decodable {
        let id: Int
    }

    private func ledgerAccounts() throws -> (String, String) {
        let known = accounts.withLock { $0 }
        guard known.0.isEmpty else { return known }
        let text = try get("/api/ledger/accounts").body
        let listed = try JSONDecoder().decode(Accounts.self, from: Data(text.utf8)).accounts
        let bank = try #require(listed.first { $0.kind == "bank" }).id
        let funds = try #require(listed.first { $0.kind == "funds" }).id
        accounts.withLock { $0 = (bank, funds) }
        return (bank, funds)
    }

    private struct Accounts: Decodable {
        struct Account: Decodable {
            let id: String
            let kind: String
        }

        let accounts: [Account]
    }

    func metric(_ name: String) throws -> Double? {
        try get("/metrics").body.split(separator: "\n")
            .first { $0.hasPrefix(name + " ") }?
            .split(separator: " ").last.flatMap { Double($0) }
    }

    /// Waits until the first base has its place, before which nothing can be restored.
    func waitForBase() throws {
        try wait("there is a base") {
            let base = try metric("kith_shipping_base_seconds") ?? 0
            return try base > 0 && metric("kith_shipping_lag_seconds") == 0
        }
    }

    // MARK: - Restoring

    func restore(_ name: String, at time: Instant? = nil) throws -> Program.Ended {
        try restore(name, from: place, at: time)
    }

    func restore(_ name: String, from place: String, at time: Instant? = nil) throws
        -> Program.Ended
    {
        var arguments = ["restore", "--from", place, "--to", folder.path + "/" + name]
        arguments += ["--backup-key", key]
        if let time { arguments += ["--at", time.timestamp] }
        return try Program.run(Program.path, arguments)
    }

    /// How many entries a restored ledger has.
    func entries(_ name: String) throws -> Int {
        let store = try Database.open(forReading: "\(folder.path)/\(name)/kith.db")
        return try store.read { try $0.value("SELECT max(number) FROM ledger_entry") } ?? 0
    }

    func wait(_ what: String, seconds: Int = 60, _ body: () throws -> Bool) throws {
        for _ in 0..<seconds * 20 {
            if try body() { return }
            usleep(50_000)
        }
        Issue.record("it did not come about that \(what)")
    }
}
