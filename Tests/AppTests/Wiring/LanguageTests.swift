import Basics
import Foundation
import HTTPServer
import Testing

@testable import App

@Suite struct LanguageTests {
    /// The site remembers what each Accept-Language field came to, for so many of them.
    @Test func `what a browser reads is understood however many others asked meanwhile`() throws {
        let rig = try Rig()
        for _ in 0..<2 {
            #expect(try rig.language("cy;q=0.9, en;q=0.1") == "cy")
            #expect(try rig.language("en") == "en-GB")
            for number in 0..<150 { _ = try rig.language("x\(number)") }
        }
    }

    @Test(arguments: ["ben", "ada", "eve", "dot"])
    func `choosing a language leads back to what was asked, and after a refused form to a page`(
        name: String
    ) throws {
        let rig = try Rig()
        let browser = try rig.browser(name)
        var refused = 0
        for path in try rig.links(for: browser) {
            let page = try browser.get(path)
            guard page.status == 200, let back = page.back else { continue }
            #expect(back == path)
            for match in page.text.matches(of: /<form method="post" action="([^"]+)"/) {
                let action = String(match.1)
                // The second time the form stood on the page of the refusal.
                for _ in 0..<2 where !["/language", "/sign-out"].contains(action) {
                    let answer = try browser.post(action, ["code": "none", "back": "/nowhere"])
                    guard answer.status != 303, let back = answer.back else { break }
                    refused += 1
                    let status = try browser.copy().get(back).status
                    #expect([200, 303].contains(status), "\(status) at \(back) after \(action)")
                }
                _ = try browser.get(path)
            }
        }
        #expect(refused > 0)
        let asked = try browser.get("/notices?before=0")
        #expect(asked.back == "/notices?before=0")
        let stale = try browser.post("/sign-out", [:], withToken: false)
        #expect(stale.status == 403 && stale.back == "/notices?before=0")
    }

    @Test(arguments: [
        (nil, "/"), ("http://localhost/join?code=a", "/join?code=a"), ("http://localhost", "/"),
        ("http://localhost//evil.example/", "/"), ("http://localhost/language", "/"),
        ("/join", "/"),
        ("", "/"),
    ])
    func `where a form came from is taken only for a page of ours`(
        referer: String?,
        back: String
    ) throws {
        let rig = try Rig()
        let answer = try rig.answer(
            to: HTTPRequest(
                method: .post,
                path: "/sign-in",
                headers: HTTPHeaders(
                    [("host", "localhost")] + (referer.map { [("referer", $0)] } ?? [])
                ),
                receivedAt: rig.clock.source.now()
            )
        )
        #expect(answer.back == back)
        #expect(
            try rig.answer(
                to: HTTPRequest(
                    method: .post,
                    path: "/sign-in",
                    headers: HTTPHeaders([
                        ("host", "localhost"), ("origin", "http://evil.example"),
                        ("referer", "http://evil.example/join"),
                    ]),
                    receivedAt: rig.clock.source.now()
                )
            ).back == "/"
        )
    }
}

extension PageAnswer {
    /// Where its footer leads whoever chooses another language.
    fileprivate var back: String? {
        text.matches(of: /name="back" value="([^"]*)"/).last.map {
            String($0.1).replacingOccurrences(of: "&amp;", with: "&")
        }
    }
}

extension Rig {
    fileprivate func language(_ field: String) throws -> String? {
        try answer(
            to: HTTPRequest(
                method: .get,
                path: "/sign-in",
                headers: HTTPHeaders([("host", "localhost"), ("accept-language", field)]),
                receivedAt: clock.source.now()
            )
        ).header("content-language")
    }
}
