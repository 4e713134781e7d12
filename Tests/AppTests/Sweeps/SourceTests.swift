import Foundation
import TestSupport
import Testing

/// House rules, held by reading the sources.
@Suite struct SourceTests {
    private struct File {
        let module: String
        let path: String
        let text: String
    }

    private static let files = read("Sources")

    private static func read(_ folder: String) -> [File] {
        let root = "\(TestStore.repository)/\(folder)"
        let names = FileManager.default.enumerator(atPath: root)?.allObjects as? [String] ?? []
        return names.filter { $0.hasSuffix(".swift") }.map { name in
            File(
                module: String(name.prefix { $0 != "/" }),
                path: name,
                text: (try? String(contentsOfFile: "\(root)/\(name)", encoding: .utf8)) ?? ""
            )
        }
    }

    @Test func `a module's SQL names only its own tables`() {
        #expect(Self.files.count > 100)
        for file in Self.files where !["Store", "App"].contains(file.module) {
            for match in file.text.matches(of: /\b(?:FROM|JOIN|INTO|UPDATE)\s+([a-z]+)_[a-z_]+/) {
                #expect(String(match.1) == file.module.lowercased(), "\(file.path): \(match.0)")
            }
        }
    }

    @Test func `unsafe words stay where C is touched, and where pages are drawn`() {
        let allowed: Set<String> = ["Store", "Crypto", "HTTPServer"]
        let files = [
            "Templating/Drawing/DotSegment.swift", "Templating/Drawing/Drawing.swift",
            "Templating/Drawing/Escape.swift", "Templating/Drawing/Output.swift",
            "Templating/Record.swift", "Templating/Templates.swift", "Templating/Files.swift",
            "Basics/Sources.swift", "App/Operation/LineWriter.swift",
            "App/Control/LocalSocket.swift",
            "App/Control/LocalSocket+Descriptors.swift", "App/Control/Trusted.swift",
            "App/Serving/Descriptors.swift", "App/Serving/Ending.swift",
            "Channels/Mail/SMTPSender.swift", "Channels/Mail/Wire.swift",
        ]
        for file in Self.files where !allowed.contains(file.module) && !files.contains(file.path) {
            #expect(file.text.firstMatch(of: /\bunsafe\b/) == nil, "\(file.path)")
        }
    }

    @Test func `processes are started as ChildProcess and CommandRun do it`() {
        // Foundation's hand down blocked signals, and descriptors that others open meanwhile.
        let process = /\bProcess\(\)/
        for file in Self.files + Self.read("Tests") {
            #expect(file.text.firstMatch(of: process) == nil, "\(file.path)")
        }
    }

    @Test func `nobody is made up but in the demonstration`() {
        for file in Self.files where !file.path.hasPrefix("App/Demonstration/") {
            #expect(!file.text.contains(".demonstration("), "\(file.path)")
        }
    }
}
