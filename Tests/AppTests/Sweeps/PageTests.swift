import Foundation
import Store
import Templating
import TestSupport
import Testing
import Web

@testable import App

/// What must be true of every page that anyone can reach.
@Suite struct PageTests {
    @Test(arguments: ["en-GB", "cy"])
    func `every link leads somewhere, and every page is sound`(language: String) throws {
        let rig = try Rig()
        for member in Demonstration.cast {
            let browser = try rig.browser(member.username)
            _ = try browser.post("/language", ["code": language, "back": "/"])
            for path in try rig.links(for: browser) {
                let answer = try browser.get(path)
                #expect([200, 303].contains(answer.status), "\(member.username) at \(path)")
                guard answer.header("content-type")?.hasPrefix("text/html") == true else {
                    continue
                }
                check(answer.text, path, language)
            }
        }
    }

    private func check(_ page: String, _ path: String, _ language: String) {
        #expect(page.contains("<html lang=\"\(language)\" dir=\"ltr\">"), "\(path)")
        #expect(page.matches(of: /<h1/).count == 1, "\(path) has not one h1")
        #expect(page.firstMatch(of: /<title>[^<]{4,}<\/title>/) != nil, "\(path) has no title")
        #expect(page.firstMatch(of: /\sstyle=|\son[a-z]+=|<style|<script>/) == nil, "\(path)")
        let labelled = Set(page.matches(of: /<label for="([^"]+)"/).map { String($0.1) })
        for match in page.matches(of: /<(?:input|select|textarea)[^>]*>/) {
            let tag = String(match.0)
            guard !tag.contains("type=\"hidden\"") else { continue }
            let id = tag.firstMatch(of: /id="([^"]+)"/).map { String($0.1) }
            #expect(id.map(labelled.contains) == true, "\(path): \(tag) has no label")
        }
        for match in page.matches(of: /<form method="post".*?<\/form>/.dotMatchesNewlines()) {
            #expect(match.0.contains("name=\"token\""), "\(path): a form without its token")
        }
    }

    /// Each page's example, drawn.
    private func examples() throws -> [(template: String, errors: FormErrors, html: String)] {
        let home = try LivedDemonstration.home.get()
        let words = home.languages.usual
        return try Community.pages.map { page in
            let bytes = try home.templates.draw(
                page.template,
                page.example.record(words),
                site: PageExamples.site(words),
                words: words
            )
            return (page.template, page.example.errors, String(decoding: bytes, as: UTF8.self))
        }
    }

    @Test func `every error of an example is told at its field, which the summary leads to`() throws
    {
        var count = 0
        for (template, errors, html) in try examples() {
            for entry in errors.entries {
                count += 1
                #expect(html.contains(" id=\"\(entry.field)\""), "\(template): \(entry.field)")
                #expect(
                    html.contains(" id=\"\(entry.field)-error\""),
                    "\(template): \(entry.field)"
                )
            }
        }
        #expect(count > 5)
    }

    @Test func `a field names its hint and its error, both where it has both`() throws {
        var haveBoth = 0
        for (template, _, html) in try examples() {
            let told = html.matches(of: /<p class="(?:hint|error)" id="((.+?)-(?:hint|error))"/)
            for match in told {
                let field = match.2
                let tag =
                    html.matches(of: /<(?:input|textarea|select|fieldset) [^>]*>/)
                    .first { $0.0.contains(" id=\"\(field)\"") }?.0 ?? ""
                let named = tag.firstMatch(of: /aria-describedby="([^"]*)"/)?.1.split(
                    separator: " "
                )
                #expect(named?.contains(match.1) == true, "\(template): \(tag) and \(match.1)")
                if named?.count == 2 { haveBoth += 1 }
            }
        }
        #expect(haveBoth > 0)
    }

    @Test func `a title never tells anything private`() throws {
        let rig = try Rig()
        let ada = try rig.browser("ada")
        for path in try rig.links(for: ada) {
            let title = try ada.get(path).text.firstMatch(of: /<title>([^<]*)<\/title>/)
            let text = title.map { String($0.1) } ?? ""
            for word in ["Ben", "Okafor", "Ada", "Morning", "home"] {
                #expect(!text.contains(word), "\(path): \(text)")
            }
        }
    }

    @Test func `whoever reads Ben's words leaves a trace that Ben can see`() throws {
        for name in ["ada", "cora"] {
            let rig = try Rig()
            let browser = try rig.browser(name)
            for path in try rig.links(for: browser) {
                let before = try rig.traces()
                let answer = try browser.get(path)
                let shows = ["porridge", "allotment", "Meet at the library", "Evening visit"]
                    .contains { answer.text.contains($0) }
                if shows { #expect(try rig.traces() > before, "\(name) at \(path)") }
            }
            let record = try rig.browser("ben").get("/record").text
            #expect(record.contains(name == "ada" ? "Ada Whitaker" : "Cora Okafor"))
        }
    }

    @Test func `an answer to a page with someone's record waits for its trace`() throws {
        let rig = try Rig()
        let ada = try rig.browser("ada")
        rig.database.close()
        #expect(try ada.get("/today").status == 503)
    }
}

extension Rig {
    /// How many lines the audit has.
    func traces() throws -> Int {
        try database.read { try $0.value("SELECT count(*) FROM identity_audit") } ?? 0
    }
}
