import Testing

@testable import HTTPServer

@Suite struct ForwardedTests {
    private let trusted = ["127.0.0.1", "10.0.0.0/8"].compactMap { AddressRange($0) }

    private func isSecure(_ proto: String?, for clients: String?) -> Bool {
        let fields = [("x-forwarded-proto", proto), ("x-forwarded-for", clients)]
        return Forwarded.isSecure(
            HTTPHeaders(fields.compactMap { name, value in value.map { (name, $0) } }),
            trusted: trusted
        )
    }

    @Test func `what the client came by is the word of the proxy that it spoke with`() {
        #expect(isSecure("https", for: "203.0.113.5"))
        #expect(isSecure("HTTPS", for: nil))
        // The edge came to the proxy on this machine without TLS; the client came to the edge with it.
        #expect(isSecure("https, http", for: "203.0.113.5, 10.0.0.2"))
        #expect(!isSecure("http,https", for: "203.0.113.5, 10.0.0.2"))
        // Some proxies tell the whole list, and write the other field anew.
        #expect(isSecure("https", for: "203.0.113.5, 10.0.0.2"))
        #expect(isSecure("http, https", for: "10.0.0.3"))
    }

    @Test func `what a client wrote before its proxy came counts for nothing`() {
        #expect(!isSecure("https, http", for: "198.51.100.7, 203.0.113.5"))
        #expect(!isSecure("https, http", for: nil))
        #expect(!isSecure("https, https, http", for: "no address, 203.0.113.5"))
        #expect(!isSecure("", for: nil))
        #expect(!isSecure(nil, for: "203.0.113.5"))
        #expect(!isSecure("https x", for: nil))
    }
}
