import Foundation

@testable import Templating

/// Templates: any bytes compile or are refused with problems that say where; what compiles draws,
/// twice the same, in every language, and no value ever gets out of its place.
///
/// An input is several files: a line `== components/box.html` begins another; what comes first
/// is the page.
enum TemplateTarget {
    static func check(_ bytes: [UInt8]) throws {
        let files = files(bytes)
        let templates: Templates
        do {
            templates = try Templates(
                files: files,
                languages: languages,
                pages: [PageShape(name: "FuzzedPage", template: "page.html", example: example)],
                site: ["name": "Kith"]
            )
        } catch let error as TemplateProblems {
            try checkProblems(error.problems, files)
            return
        }
        do {
            try templates.compileAll()
        } catch {
            throw Broken(description: "only another language finds what is wrong: \(error)")
        }
        let isHoldingMark = String(decoding: bytes, as: UTF8.self).contains(mark)
        for words in languages.all.map(Words.init(language:)) {
            for (name, link) in hostile {
                let site: Record = ["name": .text(name)]
                let record = given(name, link)
                let drawn: [UInt8]
                do {
                    drawn = try templates.draw("page.html", record, site: site, words: words)
                } catch is DrawingFault {
                    // As where nothing would be drawn.
                    continue
                }
                let again = try templates.draw("page.html", record, site: site, words: words)
                try same(again, drawn, "drawn twice")
                if !isHoldingMark { try BrowserReader.judge(drawn, mark: mark) }
            }
        }
    }

    private static func files(_ bytes: [UInt8]) -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        var name = "page.html"
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            let text = String(decoding: line, as: UTF8.self)
            if text.hasPrefix("== ") {
                name = String(text.dropFirst(3))
            } else {
                files[name, default: []] += line + [0x0A]
            }
        }
        files["page.html"] = Array("{# page FuzzedPage #}".utf8) + (files["page.html"] ?? [])
        return files
    }

    /// Each says file, line and column, and they are there.
    private static func checkProblems(_ problems: [String], _ files: [String: [UInt8]]) throws {
        try hold(!problems.isEmpty, "a refusal says why")
        for problem in problems {
            // One name may begin as another does.
            let isThere = files.contains { name, bytes in
                problem.hasPrefix("\(name):")
                    && holdsPlace(problem.dropFirst(name.count + 1), bytes)
            }
            try hold(isThere, "\(problem) is nowhere in the files")
        }
    }

    /// Whether a text begins with the line and the column of a place in a file.
    private static func holdsPlace(_ text: Substring, _ bytes: [UInt8]) -> Bool {
        let parts = text.split(separator: ":", maxSplits: 2)
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        guard parts.count == 3, let line = Int(parts[0]), let column = Int(parts[1]),
            lines.indices.contains(line - 1)
        else { return false }
        let length = lines[line - 1].count { $0 & 0xC0 != 0x80 }
        return (1...length + 1).contains(column)
    }

    private static let mark = "zq9"
    /// A name and a link that together, or with what is written round them, try to get out.
    private static let hostile = [
        (
            "<\(mark)>\(mark)\"\(mark)'\(mark) \(mark)=\(mark) on\(mark)=\(mark)`--><\(mark)",
            "javascript:\(mark)"
        ),
        ("javascript", ":\(mark)"), ("java", "script:\(mark)"), ("javascript:\(mark)", ""),
        ("", "//\(mark)/"), ("/", "/\(mark)/"), ("https:", "\(mark)"),
    ]

    private static let example: Record = [
        "name": "Ada", "link": "/", "yes": true, "count": 2, "names": ["a"],
        "visits": [["time": "9:00", "note": "a"]],
    ]

    // One element each: loops inside loops stay short.
    private static func given(_ name: String, _ link: String) -> Record {
        [
            "name": .text(name), "link": .text(link), "yes": true, "count": 2,
            "names": .list([name]),
            "visits": .list([["time": .text(name), "note": .text(link)] as Record]),
        ]
    }

    private static let languages: Languages = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Config/locales").path
        let words = [
            "en-GB": #"{"hello": "Hello {name}", "n": {"one": "{count}", "other": "{count}s"}}"#,
            "cy": #"{"hello": "Helo {name}", "n": {"other": "{count}"}}"#,
        ]
        do {
            return try Languages(
                files: Dictionary(
                    uniqueKeysWithValues: words.map { code, text in
                        let dates = try fileBytes("\(folder)/\(code)/dates.json")
                        let own = Source(path: "\(code)/own.json", bytes: Array(text.utf8))
                        return (code, [Source(path: "\(code)/dates.json", bytes: dates), own])
                    }
                )
            )
        } catch {
            // Nothing can be looked for without them, and libFuzzer tells of what stops a target.
            fatalError("the languages could not be read: \(error)")
        }
    }()
}
