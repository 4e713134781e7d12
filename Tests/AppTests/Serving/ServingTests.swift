import Foundation
import Synchronization
import TestSupport
import Testing
import Vault
import Web

/// What happens to a serving process from outside: signals, and a newer process in its place.
@Suite(.serialized) struct ServingTests {
    @Test func `a newer process takes over and no client is refused`() throws {
        let served = try ServedCommunity()
        let isOver = Mutex(false)
        let counted = Mutex((answered: 0, other: [String]()))
        let clients = (0..<4).map { number in
            let done = DispatchSemaphore(value: 0)
            DispatchQueue(label: "client \(number)").async {
                while !isOver.withLock({ $0 }) {
                    let answer =
                        (try? served.curl(["http://localhost:\(served.port)/healthz"])) ?? "none"
                    counted.withLock { counted in
                        if answer == "ok\n" {
                            counted.answered += 1
                        } else {
                            counted.other.append(answer)
                        }
                    }
                }
                done.signal()
            }
            return done
        }
        // Also when it is not taken over.
        defer { isOver.withLock { $0 = true } }
        for _ in 0..<3 { try served.takeOver() }
        isOver.withLock { $0 = true }
        for client in clients { try #require(client.comes()) }
        let (answered, other) = counted.withLock { $0 }
        #expect(other == [])
        #expect(answered > 30)
        #expect(served.stop() == .exited(0))
    }

    @Test func `taking over where nobody serves is a plain start`() throws {
        let served = try ServedCommunity(["--take-over"])
        #expect(try served.curl(["http://localhost:\(served.port)/version"]).contains("version"))
    }

    @Test func `a process that cannot serve asks nobody to go`() throws {
        let served = try ServedCommunity()
        let file = served.data + "/community.json"
        try "{ not json".write(toFile: file, atomically: true, encoding: .utf8)
        let newer = try served.start(["--take-over"])
        #expect(newer.wait() != .exited(0))
        #expect(served.said.contains("cannot be read as settings"))
        #expect(try served.curl(["http://localhost:\(served.port)/healthz"]) == "ok\n")
    }

    @Test func `a take-over at another port is refused, and the older process serves on`() throws {
        let served = try ServedCommunity()
        let newer = try served.start(["--take-over", "--port", "22999"])
        #expect(newer.wait() == .exited(2))
        #expect(
            served.said.contains(
                "the process that is to be replaced serves at port \(served.port), not 22999"
            ),
            "\(served.said)"
        )
        #expect(try served.curl(["http://localhost:\(served.port)/healthz"]) == "ok\n")
        try served.takeOver()
        #expect(served.stop() == .exited(0))
    }

    @Test func `a port that is taken is told once, and the store stays as it was`() throws {
        let folder = try TestFolder()
        let data = folder.path + "/data"
        try SeededCommunity.copy(to: data)
        let taken = try ServedCommunity()
        func store() throws -> [String] {
            try Program.run("/usr/bin/sha256sum", [data + "/kith.db", data + "/kith.db-wal"]).lines
        }
        func serve() throws -> Program.Ended {
            try Program.run("serve", "--data", data, "--port", "\(taken.port)")
        }
        // What an opening by itself settles is settled by the first.
        _ = try serve()
        let before = try store()
        let ended = try serve()
        #expect(ended.status == 1)
        #expect(ended.problems.count == 1 && ended.problems[0].hasPrefix("kith: "))
        #expect(try store() == before)
    }

    @Test func `a community that cannot be opened says so once`() throws {
        let folder = try TestFolder()
        let data = folder.path + "/data"
        try SeededCommunity.copy(to: data)
        try Data(repeating: 7, count: 65_536).write(to: URL(fileURLWithPath: data + "/kith.db"))
        let ended = try Program.run("serve", "--data", data, "--port", "0")
        #expect(ended.status == 1)
        #expect(ended.problems.count == 1, "\(ended.problems)")
        #expect(ended.problems.first?.hasPrefix("kith: ") == true)
    }

    @Test func `SIGHUP reads the settings anew, and wrong ones change nothing`() throws {
        let served = try ServedCommunity()
        let file = served.data + "/community.json"
        let page = ["http://localhost:\(served.port)/"]
        try #"{"name": "Harbour"}"#.write(toFile: file, atomically: true, encoding: .utf8)
        served.hangUp(until: "were read anew")
        #expect(try served.curl(page).contains("Harbour"))
        try #"{"name": 7}"#.write(toFile: file, atomically: true, encoding: .utf8)
        served.hangUp(until: "all stays as it was")
        #expect(try served.curl(page).contains("Harbour"))
        #expect(served.stop() == .exited(0))
    }

    @Test func `a second place that is named while a store is open is told to hold later`() throws {
        let served = try ServedCommunity()
        _ = try Program.run("keys", "create", "backup", "--data", served.data)
        let second = served.data + "-second"
        try #"{"shipping": {"folder": "\#(second)"}}"#.write(
            toFile: served.data + "/community.json",
            atomically: true,
            encoding: .utf8
        )
        served.hangUp(until: "`shipping` was changed")
        #expect(!FileManager.default.fileExists(atPath: second))
        try served.takeOver()
        for _ in 0..<400 where !FileManager.default.fileExists(atPath: second) {
            Thread.sleep(forTimeInterval: 0.05)
        }
        #expect(FileManager.default.fileExists(atPath: second))
        served.hangUp(until: "were read anew")
        #expect(!served.said.contains("was changed"))
        try? FileManager.default.removeItem(atPath: second)
    }

    @Test func `limits are read at the start and on SIGHUP`() throws {
        let data = NSTemporaryDirectory() + "limited-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        func limit(_ text: String) throws {
            try #"{"limits": \#(text)}"#.write(
                toFile: data + "/community.json",
                atomically: true,
                encoding: .utf8
            )
        }
        try limit(#"{"fieldCount": 20}"#)
        let served = try ServedCommunity(data: data)
        func status(_ arguments: [String]) throws -> String {
            try served.curl(["-o", "/dev/null", "-w", "%{http_code}"] + arguments)
        }
        let address = "http://localhost:\(served.port)/healthz"
        let fields = (0..<25).flatMap { ["-H", "X-\($0): a"] }
        let body = ["--data-binary", String(repeating: "a", count: 20_000)]
        #expect(try status(fields + [address]) == "431")
        #expect(try status(body + [address]) == "405")
        try limit(#"{"bodyBytes": 16384}"#)
        served.hangUp(until: "were read anew")
        #expect(try status(fields + [address]) == "200")
        #expect(try status(body + [address]) == "413")
        try limit(#"{"bodyBytes": 1}"#)
        served.hangUp(until: "limits.bodyBytes must be a number from 16384 to 1073741824")
        #expect(try status(body + [address]) == "413")
    }

    @Test func `what fails only when it is wired leaves limits and certificates as they were`()
        throws
    {
        let served = try ServedCommunity()
        func status() throws -> String {
            try served.curl([
                "-o", "/dev/null", "-w", "%{http_code}", "--data-binary",
                String(repeating: "a", count: 20_000), "http://localhost:\(served.port)/healthz",
            ])
        }
        #expect(try status() == "405")
        // A sound key, but not the one that this store was made with.
        let key = served.data + "/master.key"
        let right = try Data(contentsOf: URL(fileURLWithPath: key))
        try FileManager.default.removeItem(atPath: key)
        try MasterKey.create(key)
        try #"{"name": "Harbour", "limits": {"bodyBytes": 16384}}"#.write(
            toFile: served.data + "/community.json",
            atomically: true,
            encoding: .utf8
        )
        served.hangUp(until: "all stays as it was")
        #expect(served.said.contains("the master key is not the one"), "\(served.said)")
        #expect(try status() == "405")
        #expect(try !served.curl(["http://localhost:\(served.port)/"]).contains("Harbour"))
        try right.write(to: URL(fileURLWithPath: key))
        served.hangUp(until: "were read anew")
        #expect(try status() == "413")
        #expect(try served.curl(["http://localhost:\(served.port)/"]).contains("Harbour"))
        #expect(served.stop() == .exited(0))
    }

    @Test func `nothing is read anew once the end has begun`() throws {
        let served = try ServedCommunity(["--grace", "30"])
        let slow = try served.holdUp()
        served.signal(SIGTERM)
        try #require(comes { served.said.contains("is stopping") })
        served.signal(SIGHUP)
        Thread.sleep(forTimeInterval: 2)
        #expect(served.process.isRunning)
        slow.stop()
        #expect(served.process.wait() == .exited(0))
        #expect(!served.said.contains("read anew"), "\(served.said)")
    }

    @Test func `a program hears of a body that is too large for all as of any problem`() throws {
        let served = try ServedCommunity()
        let file = served.data + "/large"
        try Data(repeating: 0x20, count: 2_000_000).write(to: URL(fileURLWithPath: file))
        func post(_ path: String, _ more: [String] = []) throws -> String {
            try served.curl(
                ["-i", "-H", "Expect:", "--data-binary", "@\(file)"] + more
                    + ["http://localhost:\(served.port)\(path)"]
            )
        }
        for more in [[], ["-H", "Transfer-Encoding: chunked"]] {
            let parts = try post("/api/ledger/entries", more).components(separatedBy: "\r\n\r\n")
            try #require(parts.count > 1, "\(parts)")
            #expect(parts[0].hasPrefix("HTTP/1.1 413 "))
            #expect(parts[0].contains("Content-Type: application/problem+json\r\n"))
            let problem = try JSONReader.read(Array(parts[1].utf8))
            let document = try RestClient.document.get()
            let schema = document.root["components"]?["schemas"]?["Problem"]
            #expect(document.check(problem, schema, "#") == [])
            #expect(problem["status"] == .whole(413))
        }
        #expect(try post("/sign-in").contains("Content-Type: text/html; charset=utf-8\r\n"))
    }

    @Test func `a process whose folder was moved away stops with one line`() throws {
        let served = try ServedCommunity()
        let away = served.data + ".away"
        try FileManager.default.moveItem(atPath: served.data, toPath: away)
        defer { try? FileManager.default.removeItem(atPath: away) }
        #expect(served.process.wait() == .exited(1))
        let lines = served.said.split(separator: "\n").filter { $0.contains("stopped, since") }
        #expect(lines.count == 1, "\(served.said)")
        #expect(lines.first?.contains("kith.db is no longer the file that was opened") == true)
        #expect(!FileManager.default.fileExists(atPath: served.data))
    }

    @Test func `a store without the mark of a demonstration is never served as one`() throws {
        let served = try ServedCommunity()
        served.stop()
        try FileManager.default.removeItem(atPath: served.data + "/demonstration")
        let again = try served.start([])
        #expect(again.wait() != .exited(0))
        #expect(served.said.contains("holds a real community"))
    }

    @Test func `a demonstration is served as one or not at all`() throws {
        let folder = try TestFolder()
        let data = folder.path + "/data"
        try SeededCommunity.copy(to: data)
        try "made".write(toFile: data + "/demonstration", atomically: true, encoding: .utf8)
        let ended = try Program.run("serve", "--data", data, "--port", "0")
        #expect(ended.status == 2)
        #expect(ended.problems.count == 1, "\(ended.problems)")
        #expect(ended.problems.first?.hasSuffix("serve it alone, with --demo") == true)
    }

    @Test func `a demonstration that was broken off is made afresh`() throws {
        let served = try ServedCommunity()
        served.stop()
        let mark = served.data + "/demonstration"
        try "begun".write(toFile: mark, atomically: true, encoding: .utf8)
        let again = try served.start([])
        for _ in 0..<400 where !served.said.contains("serves") {
            Thread.sleep(forTimeInterval: 0.05)
        }
        #expect(served.said.contains("Making the demonstration community"))
        #expect(try String(contentsOfFile: mark, encoding: .utf8) == "made")
        again.stop()
    }

    @Test func `a demonstration that another process still makes is left to it`() throws {
        let served = try ServedCommunity()
        let mark = served.data + "/demonstration"
        try "begun".write(toFile: mark, atomically: true, encoding: .utf8)
        let ended = try Program.run("seed", "--demo", "--data", served.data)
        #expect(ended.status != 0)
        #expect(ended.problems.first?.contains("already in use") == true, "\(ended.problems)")
        #expect(FileManager.default.fileExists(atPath: served.data + "/kith.db"))
        #expect(try String(contentsOfFile: mark, encoding: .utf8) == "begun")
    }

    @Test func `proofs are exported beside a process that serves`() throws {
        let served = try ServedCommunity()
        let proof = try ChildProcess.run(
            ServedCommunity.program,
            [
                "proof", "export", "--data", served.data, "--home", TestStore.repository,
                "--log", "ledger", "--leaf", "0", "--leaf", "1", "--consistency", "1", "2",
            ]
        ).said
        #expect(proof.contains("/ledger\n"), "\(proof)")
        #expect(proof.contains("\"leafIdx\":0") && proof.contains("\"leafIdx\":1"))
        #expect(proof.contains("\"size1\":1"))
        let refused = try ChildProcess.run(
            ServedCommunity.program,
            [
                "proof", "export", "--data", served.data, "--home", TestStore.repository,
                "--log", "ledger", "--leaf", "1000000",
            ]
        ).said
        #expect(refused.split(separator: "\n").count == 1, "no half of an answer: \(refused)")
        #expect(refused.contains("--leaf must be from 0 to"))
    }
}
