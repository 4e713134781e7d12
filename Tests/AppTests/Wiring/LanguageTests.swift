import Basics
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
