import Foundation
import TestSupport
import Testing

/// The program itself, in processes of its own.
enum Program {
    struct Ended: Sendable {
        /// None if a signal ended it.
        let status: Int32?
        let lines: [String]
        let problems: [String]
    }

    static let path = ServedCommunity.program

    static func run(_ arguments: String...) throws -> Ended {
        try run(path, arguments)
    }

    static func run(_ program: String, _ arguments: [String]) throws -> Ended {
        let folder = try TestFolder()
        let ending = try start(program, arguments, said: folder.path).wait()
        var status: Int32?
        if case .exited(let number) = ending { status = number }
        return Ended(
            status: status,
            lines: try lines(folder.path + "/lines"),
            problems: try lines(folder.path + "/problems")
        )
    }

    /// What it says goes to two files in a folder.
    static func start(_ program: String, _ arguments: [String], said: String) throws
        -> ChildProcess
    {
        try ChildProcess(
            program,
            arguments,
            in: TestStore.repository,
            output: .file(said + "/lines"),
            problems: .file(said + "/problems")
        )
    }

    static func lines(_ path: String) throws -> [String] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    }
}

/// The demonstration community, with keys and a token for its ledger, made once and then copied.
enum SeededCommunity {
    private static let pattern = Result {
        let folder = try TestFolder()
        let data = folder.path + "/data"
        #expect(try Program.run("seed", "--demo", "--data", data).status == 0)
        // From here on it is a community like any other.
        try FileManager.default.removeItem(atPath: data + "/demonstration")
        #expect(try Program.run("keys", "create", "backup", "--data", data).status == 0)
        let made = try Program.run(
            "token",
            "create",
            "--for",
            "eve",
            "--scope",
            "ledger",
            "--data",
            data
        )
        return (folder, try #require(made.lines.last))
    }

    static var token: String {
        get throws { try pattern.get().1 }
    }

    static func copy(to data: String) throws {
        try FileManager.default.copyItem(atPath: try pattern.get().0.path + "/data", toPath: data)
    }
}
