import Basics
import Foundation

@testable import Templating

/// What the tests draw with: files in memory and two small languages beside the real dates.
enum Drawn {
    static let locales = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Config/locales").path(percentEncoded: false)

    static func dates(_ code: String) throws -> Source {
        Source(path: "\(code)/dates.json", bytes: try fileBytes("\(locales)/\(code)/dates.json"))
    }

    static func languages(english: String = "{}", welsh: String = "{}") throws -> Languages {
        try Languages(files: [
            "en-GB": [dates("en-GB"), Source(path: "en-GB/test.json", bytes: Array(english.utf8))],
            "cy": [dates("cy"), Source(path: "cy/test.json", bytes: Array(welsh.utf8))],
        ])
    }

    static func templates(
        _ files: [String: String],
        _ example: Record,
        site: Record = [:],
        languages: Languages? = nil
    ) throws -> Templates {
        try Templates(
            files: files.mapValues { Array($0.utf8) },
            languages: languages ?? self.languages(),
            pages: [PageShape(name: "TestPage", template: "page.html", example: example)],
            site: site
        )
    }

    /// Draws one page with its own example, unless it is given something else.
    static func page(
        _ page: String,
        _ example: Record = [:],
        with record: Record? = nil,
        and files: [String: String] = [:],
        site: Record = [:],
        languages: Languages? = nil,
        in code: String = "en-GB"
    ) throws -> String {
        let languages = try languages ?? self.languages()
        var files = files
        files["page.html"] = "{# page TestPage #}" + page
        let templates = try templates(files, example, site: site, languages: languages)
        let words = languages[code] ?? languages.usual
        let bytes = try templates.draw("page.html", record ?? example, site: site, words: words)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What is wrong with a page, without the file's name.
    static func problems(
        _ page: String,
        _ example: Record = [:],
        and files: [String: String] = [:],
        site: Record = [:],
        languages: Languages? = nil
    ) throws -> [String] {
        do {
            _ = try self.page(page, example, and: files, site: site, languages: languages)
            return []
        } catch let error as TemplateProblems {
            return error.problems
        }
    }
}
