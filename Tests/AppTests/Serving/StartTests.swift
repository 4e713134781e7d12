import Foundation
import TestSupport
import Testing

@testable import App

/// What keeps a process from serving is told in one line, before anything is made or changed.
@Suite struct StartTests {
    private let folder: TestFolder
    private var data: String { folder.path + "/data" }

    init() throws {
        folder = try TestFolder()
    }

    private func refused(_ arguments: [String], _ environment: [String] = []) throws -> String {
        let ended = try Program.run(
            "/usr/bin/env",
            environment + [Program.path, "serve", "--port", "0"] + arguments
        )
        #expect(ended.status == 2, "\(ended)")
        #expect(ended.lines.isEmpty)
        #expect(ended.problems.count == 1, "\(ended.problems)")
        let line = ended.problems.first ?? ""
        #expect(line.hasPrefix("kith: ") && !line.contains("Cocoa") && !line.contains("NS"))
        return line
    }

    private func isThere(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    @Test func `a folder that is not there is not made`() throws {
        let nowhere = folder.path + "/nowhere"
        #expect(try refused(["--communities", nowhere]).hasSuffix("there is no folder \(nowhere)"))
        #expect(try refused(["--data", nowhere]).contains("`kith keys create --data \(nowhere)`"))
        #expect(!isThere(nowhere))
        try "".write(toFile: nowhere, atomically: true, encoding: .utf8)
        #expect(try refused(["--communities", nowhere]).contains("there is no folder"))
    }

    @Test func `a number from the environment is refused by its name there`() throws {
        try ManyCommunities.make("data", in: folder.path)
        let before = try FileManager.default.contentsOfDirectory(atPath: data).sorted()
        for value in ["soon", "-1", "601"] {
            #expect(
                try refused(["--data", data], ["KITH_GRACE=\(value)"])
                    == "kith: KITH_GRACE must be a number from 0 to 600"
            )
        }
        #expect(try refused(["--data", data, "--grace", "x"]).contains("--grace must be"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: data).sorted() == before)
    }

    @Test func `what is missing of the program's own files is told by its name`() throws {
        try ManyCommunities.make("data", in: folder.path)
        let home = folder.path + "/home"
        try Opening.folder(home + "/Config")
        #expect(
            try refused(["--data", data, "--home", home])
                .hasPrefix("kith: \(home)/Config/locales is missing: --home or KITH_HOME must name")
        )
    }

    @Test func `a setting that is mistyped is told by its file and name`() throws {
        try ManyCommunities.make("data", in: folder.path)
        try ManyCommunities.settings(#"{"invitatonCodes": ["LAMP"]}"#, of: data)
        #expect(
            try refused(["--data", data])
                == "kith: \(data)/community.json: invitatonCodes is not a setting: "
                + "did you mean invitationCodes?"
        )
        try ManyCommunities.settings(
            #"{"mail": {"smtp": "smtp://localhost", "passwordFile": "/nowhere/password"}}"#,
            of: data
        )
        #expect(
            try refused(["--data", data]).hasSuffix("/nowhere/password: No such file or directory")
        )
    }
}
