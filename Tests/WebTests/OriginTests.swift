import Basics
import HTTPServer
import Testing

@testable import Web

@Suite struct OriginTests {
    private func isOurs(
        _ headers: [(String, String)],
        host: String = "care.example.org",
        isSecure: Bool = true
    ) -> Bool {
        Origin.isOurs(
            HTTPRequest(
                method: .post,
                path: "/sign-in",
                headers: HTTPHeaders(headers),
                isSecure: isSecure,
                host: host,
                receivedAt: Instant(milliseconds: 0)
            )
        )
    }

    @Test(arguments: [
        ("https://care.example.org", "care.example.org", true),
        ("https://care.example.org", "care.example.org:443", true),
        ("https://care.example.org:8443", "care.example.org:8443", true),
        ("http://localhost:8080", "localhost:8080", false),
        ("http://care.example.org", "care.example.org:80", false),
        ("https://care.example.org", "care.example.org", false),
    ])
    func `a page of ours is known by its origin, however its port is told`(
        origin: String,
        host: String,
        isSecure: Bool
    ) {
        #expect(isOurs([("origin", origin)], host: host, isSecure: isSecure))
    }

    @Test(arguments: [
        ("https://evil.example", "care.example.org", true),
        ("http://care.example.org", "care.example.org", true),
        ("https://care.example.org:8443", "care.example.org", true),
        ("https://care.example.org:80", "care.example.org", true),
        ("null", "care.example.org", true),
        ("", "", true),
        ("http://evil.example", "127.0.0.1:21004", false),
    ])
    func `a page of somebody else is not`(origin: String, host: String, isSecure: Bool) {
        #expect(!isOurs([("origin", origin)], host: host, isSecure: isSecure))
    }

    @Test func `the browser's own word holds where a proxy hides our name`() {
        let origin = ("origin", "https://care.example.org")
        let host = "127.0.0.1:21004"
        #expect(isOurs([origin, ("sec-fetch-site", "same-origin")], host: host, isSecure: false))
        for word in ["cross-site", "same-site", "same-origin, cross-site", ""] {
            #expect(!isOurs([origin, ("sec-fetch-site", word)]), "\(word)")
        }
        #expect(isOurs([]))
    }
}
