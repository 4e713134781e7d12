import Foundation
import Testing

@testable import Templating

/// Templates on a disk, and the development server's look at whether they have changed.
@Suite struct ReloadTests {
    private let folder = FileManager.default.temporaryDirectory
        .appending(path: "templates-\(UUID().uuidString)").path(percentEncoded: false)

    private func write(_ text: String, to path: String) throws {
        let url = URL(filePath: "\(folder)/\(path)")
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: url)
    }

    private func load() throws -> Templates {
        for code in ["en-GB", "cy"] {
            let dates = try Drawn.dates(code)
            try write(
                String(decoding: dates.bytes, as: UTF8.self),
                to: "locales/\(code)/dates.json"
            )
            try write("{\"a\": \"first\"}", to: "locales/\(code)/a.json")
        }
        try write("{# page A #}{% include \"parts/_b.html\" %} {{ t(\"a\") }}", to: "pages/a.html")
        try write("one {{ x }}", to: "pages/parts/_b.html")
        try write("not a template {{", to: "pages/notes.md")
        return try Templates.load(
            folder: "\(folder)/pages",
            languages: .load(folder: "\(folder)/locales"),
            pages: [PageShape(name: "A", template: "a.html", example: ["x": "1"])]
        )
    }

    private func draw(_ templates: Templates) throws -> String {
        let words = try Drawn.languages().usual
        return String(
            decoding: try templates.draw("a.html", ["x": "1"], words: words),
            as: UTF8.self
        )
    }

    @Test func `a folder is read, and read again when a file in it changes`() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let templates = try load()
        #expect(try draw(templates) == "one 1 first")
        #expect(try templates.reloadIfChanged())
        #expect(try templates.reloadIfChanged() == false)

        try write("two, longer {{ x }}", to: "pages/parts/_b.html")
        #expect(try templates.reloadIfChanged())
        #expect(try draw(templates) == "two, longer 1 first")
        #expect(try templates.reloadIfChanged() == false)

        try write("{\"a\": \"second\"}", to: "locales/en-GB/a.json")
        #expect(try templates.reloadIfChanged())
        #expect(try draw(templates) == "two, longer 1 second")

        try write("{{ y }}", to: "pages/parts/_b.html")
        for _ in 0..<2 {
            let error = #expect(throws: TemplateProblems.self) { try templates.reloadIfChanged() }
            #expect(error?.problems.first?.hasPrefix("parts/_b.html:1:4: ") == true)
        }
        #expect(try draw(templates) == "two, longer 1 second")

        try FileManager.default.removeItem(atPath: "\(folder)/pages/parts/_b.html")
        #expect(throws: TemplateProblems.self) { try templates.reloadIfChanged() }
        try write("three", to: "pages/parts/_b.html")
        #expect(try templates.reloadIfChanged())
        #expect(try draw(templates) == "three second")
    }

    @Test func `what is wrong in the phrases and in the templates is told at once`() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let templates = try load()
        try write("{\"a\": \"first\",\n \"b\": 3}", to: "locales/cy/a.json")
        try write("{{ y }}{{ t(\"b\") }}", to: "pages/parts/_b.html")
        let languages = try Languages.reading(folder: "\(folder)/locales")
        #expect(throws: TemplateProblems.self) { try Languages.load(folder: "\(folder)/locales") }
        for read in [
            { _ = try templates.reloadIfChanged() },
            {
                _ = try Templates.load(
                    folder: "\(folder)/pages",
                    languages: languages,
                    pages: [PageShape(name: "A", template: "a.html", example: ["x": "1"])]
                )
            },
        ] as [() throws -> Void] {
            let error = #expect(throws: TemplateProblems.self) { try read() }
            // What is lost with the file that cannot be read is no problem of its own.
            #expect(
                error?.description == """
                    3 problems in the templates and the phrases:
                    cy/a.json:2:7: a text in double quotation marks is missing here
                    parts/_b.html:1:4: “y” is not a name here; the names are site, x
                    parts/_b.html:1:11: the phrase “b” is missing in en-GB
                    """
            )
        }
        try write("{{ x }}", to: "pages/parts/_b.html")
        let error = #expect(throws: TemplateProblems.self) { try templates.reloadIfChanged() }
        #expect(error?.description.hasPrefix("1 problem in the phrases:\ncy/a.json:2:7") == true)
    }

    @Test func `a phrase that is wrong hides no other, and is told once`() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        _ = try load()
        let day = "\"dates.day.full\": \""
        let dates = try Drawn.dates("cy")
        let text = dates.text(0..<dates.bytes.count)
        try write(text.replacing(day, with: "\(day){hour} "), to: "locales/cy/dates.json")
        let flaws = "{\"a\": \"\",\n \"n\": {\"two\": \"{b c}\"}"
        for code in ["en-GB", "cy"] { try write("\(flaws)}", to: "locales/\(code)/a.json") }
        try write("{{ t(\"a\", x=x) }}{{ t(\"n\") }}{{ t(\"b\") }}", to: "pages/parts/_b.html")
        func problems() throws -> [String] {
            let languages = try Languages.reading(folder: "\(folder)/locales")
            let error = #expect(throws: TemplateProblems.self) {
                try Templates.load(
                    folder: "\(folder)/pages",
                    languages: languages,
                    pages: [PageShape(name: "A", template: "a.html", example: ["x": "1"])]
                )
            }
            return error?.problems ?? []
        }
        let line = text.prefix(upTo: try #require(text.firstRange(of: day)).lowerBound)
            .count { $0 == "\n" }
        let told = try problems()
        #expect(
            told.map { $0.prefix { $0 != " " } } == [
                "cy/a.json:1:2:", "cy/a.json:2:2:", "cy/a.json:2:8:",
                "cy/dates.json:\(line + 1):5:",
                "en-GB/a.json:1:2:", "en-GB/a.json:2:2:", "en-GB/a.json:2:2:",
                "en-GB/a.json:2:8:", "parts/_b.html:1:33:",
            ],
            "\(told)"
        )
        #expect(told.last?.contains("the phrase “b” is missing in en-GB and cy") == true)

        // Where a file breaks off, what is missing in that language may stand in the rest of it.
        try write("\(flaws),", to: "locales/cy/a.json")
        let broken = try problems()
        #expect(broken.last?.contains("the phrase “b” is missing in en-GB") == true, "\(broken)")
        #expect(broken.contains { $0.hasPrefix("cy/dates.json:\(line + 1):5: ") }, "\(broken)")
    }

    @Test func `templates in memory never change`() throws {
        let templates = try Drawn.templates(["page.html": "{# page TestPage #}"], [:])
        #expect(try templates.reloadIfChanged() == false)
    }

    @Test func `a folder that is not there is an error`() throws {
        #expect(throws: (any Error).self) {
            try Templates.load(folder: "\(folder)/gone", languages: Drawn.languages(), pages: [])
        }
        #expect(throws: (any Error).self) { try Languages.load(folder: "\(folder)/gone") }
    }
}
