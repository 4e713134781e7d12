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

    @Test func `what is asked for by https is not told without TLS, unless a proxy took it off`()
        throws
    {
        func status(_ proxies: [String], _ fields: String) throws -> String {
            let settings = ServerSettings {
                $0.trustedProxies = proxies.compactMap(AddressRange.init)
            }
            let running = try Running(settings) { _, responder in responder.send(.text("yes")) }
            let client = try BareClient(running.port)
            client.send("GET https://a.example/ HTTP/1.1\r\nHost: a.example\r\n\(fields)\r\n")
            return String(client.read(until: "\r\n").dropFirst(9).prefix(3))
        }
        let secure = "X-Forwarded-Proto: https\r\n"
        #expect(try status([], "") == "421")
        #expect(try status([], secure) == "421")
        #expect(try status(["127.0.0.1"], "X-Forwarded-Proto: http\r\n") == "421")
        #expect(try status(["127.0.0.1"], secure) == "200")
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
