package import Basics

/// One request, read whole: the handler never waits for more of it.
package struct HTTPRequest: Sendable {
    package let method: HTTPMethod
    /// As it was sent, still percent-encoded, without the query.
    package let path: String
    /// What follows the question mark, still encoded.
    package let query: String?
    package let headers: HTTPHeaders
    package let body: HTTPBody
    /// Whom we speak with: the socket's other end, or what a trusted proxy says.
    package let clientAddress: String
    /// True over TLS, whether ours or a trusted proxy's.
    package let isSecure: Bool
    /// Valid, in lower case, with the port if one was given; "" in HTTP/1.0 without a Host.
    package let host: String
    package let number: UInt64
    package let receivedAt: Instant

    package init(
        method: HTTPMethod,
        path: String,
        query: String? = nil,
        headers: HTTPHeaders = HTTPHeaders(),
        body: HTTPBody = .none,
        clientAddress: String = "127.0.0.1",
        isSecure: Bool = false,
        host: String = "localhost",
        number: UInt64 = 0,
        receivedAt: Instant
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.clientAddress = clientAddress
        self.isSecure = isSecure
        self.host = host
        self.number = number
        self.receivedAt = receivedAt
    }

    /// Path and query, as they were sent.
    package var target: String { path + (query.map { "?\($0)" } ?? "") }

    /// Sixteen letters and digits that stand in the log beside the answer, and on an error page
    /// so that a person can read them out.
    package var id: String { RequestNumber.text(number) }
}

/// How a request's number is spelt.
enum RequestNumber {
    static func text(_ number: UInt64) -> String {
        var letters: [UInt8] = []
        letters.append(addingCapacity: 16) { $0.put(hexadecimal: number) }
        return String(decoding: letters, as: UTF8.self)
    }
}
