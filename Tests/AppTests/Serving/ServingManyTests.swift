import Foundation
import TestSupport
import Testing

/// `kith serve --communities` as a process, and the commands beside it.
@Suite struct ServingManyTests {
    private let folder: TestFolder
    private let said: TestFolder

    init() throws {
        folder = try TestFolder()
        said = try TestFolder()
        for name in ["north.example", "south.example"] {
            try ManyCommunities.make(name, in: folder.path)
        }
        // What each would else be told to lack.
        try ManyCommunities.settings(
            #"{"mail": {"smtp": "smtp://localhost:1"}, "invitationCodes": ["LAMP"]}"#,
            of: folder.path
        )
    }

    @Test func `many are served in one process, commands reach each, and a newer one takes over`()
        throws
    {
        var process = try serve([])
        let port = try port()
        func page(_ host: String, _ path: String = "/") throws -> String {
            let ended = try Program.run(
                "/usr/bin/curl",
                ["-sS", "-w", "\n%{http_code}", "-H", "Host: \(host)", "localhost:\(port)\(path)"]
            )
            return ended.lines.joined(separator: "\n")
        }
        #expect(try page("north.example:\(port)").contains("The north.example"))
        #expect(try page("nobody.example").hasSuffix("421"))
        // Another may be open for work of its own.
        #expect(try page("any", "/metrics").contains(/kith_communities_open [12]\n/))

        let south = folder.path + "/south.example"
        let given = try Program.run("hat", "give", "--data", south, "--to", "cy", "--hat", "admin")
        #expect(given.lines == ["cy now has: admin"], "\(given.problems)")
        #expect(try page("any", "/metrics").contains("kith_communities_open 2\n"))
        let verified = try Program.run("verify", "--data", folder.path + "/north.example")
        #expect(verified.status == 0, "\(verified.lines)")
        let second = try Program.run("serve", "--communities", folder.path, "--port", "0")
        #expect(second.problems.contains { $0.contains("already in use, by process") })

        process = try replace(process, on: port)
        #expect(try page("south.example").contains("The south.example"))
        #expect(process.stop() == .exited(0))
        let log = try Program.lines(said.path + "/lines")
        #expect(
            log.contains {
                $0.contains(#""community":"south.example","event":"request""#)
                    && $0.contains(#""route":"/""#)
            }
        )
        // Nobody has any of them any more.
        let alone = try Program.run("hat", "give", "--data", south, "--to", "ben", "--hat", "admin")
        #expect(alone.lines == ["ben now has: admin"], "\(alone.problems)")
    }

    @Test func `the log names the one that cannot be opened, at the start and when asked for`()
        throws
    {
        try FileManager.default.removeItem(atPath: folder.path + "/north.example/master.key")
        let process = try serve([])
        let port = try port()
        for _ in 0..<3 {
            let ended = try Program.run(
                "/usr/bin/curl",
                ["-sS", "-i", "-H", "Host: north.example", "localhost:\(port)/"]
            )
            #expect(ended.lines.first?.contains("503") == true)
            #expect(ended.lines.contains { $0.lowercased().contains("retry-after: ") })
        }
        process.stop()
        let problems = try problems()
        #expect(problems.count == 2, "\(problems)")
        for line in problems {
            #expect(line.contains(#""community":"north.example""#))
            #expect(line.contains("cannot be opened: there is no master key"))
        }
    }

    @Test func `folders that no host names, and two with one key, are told at the start`() throws {
        try ManyCommunities.make("under_score.example", in: folder.path)
        try FileManager.default.createDirectory(
            atPath: folder.path + "/Notes",
            withIntermediateDirectories: false
        )
        let process = try serve([])
        _ = try port()
        process.stop()
        let problems = try Program.lines(said.path + "/problems")
        let unserved = problems.filter { $0.contains("no host has that name") }
        #expect(
            unserved.count == 1 && unserved.first?.contains("under_score.example") == true,
            "\(problems)"
        )
        let copies = problems.filter { $0.contains("have the same master.key") }
        #expect(copies.count == 1, "\(problems)")
        #expect(copies.first?.contains("north.example, south.example") == true, "\(problems)")
    }

    @Test func `one whose settings are wrong is told before a take-over, and stops no other`()
        throws
    {
        // So nobody is in it, whom the newer process would turn away.
        try ManyCommunities.settings(
            #"{"name": "North", "invitatonCodes": []}"#,
            of: folder.path + "/north.example"
        )
        var process = try serve([])
        let port = try port()
        // Nobody has to ask for it first, and a wrong setting of the folder's would end this here.
        process = try replace(process, on: port)
        let problems = try problems()
        #expect(!problems.isEmpty)
        #expect(
            problems.allSatisfy { $0.contains("did you mean invitationCodes?") },
            "\(problems)"
        )
        let south = try Program.run(
            "/usr/bin/curl",
            ["-sS", "-H", "Host: south.example", "localhost:\(port)/"]
        )
        #expect(south.lines.contains { $0.contains("The south.example") })
    }

    @Test func `SIGHUP leaves the schema of what is opened later to the program that runs`() throws
    {
        let home = said.path + "/home"
        try HomeCopy.make(at: home)
        let process = try serve(["--home", home])
        let port = try port()
        // As when a newer program's files are put in place before it takes over.
        try "CREATE TABLE newer (id INTEGER) STRICT;".write(
            toFile: home + "/Migrations/9000-newer.sql",
            atomically: true,
            encoding: .utf8
        )
        process.signal(SIGHUP)
        let isRead = try comes {
            try Program.lines(said.path + "/lines").contains { $0.contains("read anew") }
        }
        #expect(isRead)
        let page = try Program.run(
            "/usr/bin/curl",
            ["-sS", "-H", "Host: south.example", "localhost:\(port)/"]
        )
        #expect(page.lines.contains { $0.contains("The south.example") })
        process.stop()
        let newest = try Program.run(
            "/usr/bin/sqlite3",
            [folder.path + "/south.example/kith.db", "SELECT max(version) FROM store_migration"]
        )
        #expect(newest.lines.first.flatMap(Int.init).map { $0 < 9000 } == true, "\(newest)")
    }

    @Test func `what one of many lacks is told once, with its name, when it is opened`() throws {
        try ManyCommunities.settings(#"{"invitationCodes": ["LAMP"]}"#, of: folder.path)
        let process = try serve(["--idle", "1"])
        let port = try port()
        for _ in 0..<2 {
            _ = try Program.run(
                "/usr/bin/curl",
                ["-sS", "-H", "Host: south.example", "localhost:\(port)/"]
            )
            Thread.sleep(forTimeInterval: 3)
        }
        process.stop()
        let problems = try problems()
            .filter { $0.contains("south.example") && !$0.contains("same master.key") }
        #expect(problems.count == 1, "\(problems)")
        #expect(problems.first?.contains("mail.smtp is not set, so nobody can") == true)
    }

    /// But for the letters that nobody takes.
    private func problems() throws -> [String] {
        try Program.lines(said.path + "/problems").filter { !$0.contains("-mail, attempt") }
    }

    private func serve(_ more: [String], port: String = "0") throws -> ChildProcess {
        try Program.start(
            Program.path,
            ["serve", "--communities", folder.path, "--port", port] + more,
            said: said.path
        )
    }

    private func replace(_ process: ChildProcess, on port: Int) throws -> ChildProcess {
        let newer = try serve(["--take-over"], port: "\(port)")
        _ = comes { !process.isRunning || !newer.isRunning }
        let problems = try problems()
        try #require(newer.isRunning, "the newer one was refused: \(problems)")
        #expect(process.wait() == .exited(0))
        #expect(try self.port() == port)
        return newer
    }

    /// Which port it says, once it does.
    private func port() throws -> Int {
        var found: Int?
        _ = try comes {
            let line = try Program.lines(said.path + "/lines").first { $0.contains(" serves ") }
            found = line.flatMap { Int($0.split(separator: ":").last ?? "") }
            return found != nil
        }
        let problems = try Program.lines(said.path + "/problems")
        return try #require(found, "it never served: \(problems)")
    }
}
