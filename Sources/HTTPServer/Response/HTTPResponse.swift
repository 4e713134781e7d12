/// An answer as a plain value. The server adds Date, Content-Length and Connection; whoever
/// answers a HEAD gives the same value as for a GET, and the server leaves the body out.
package struct HTTPResponse: Sendable {
    package var status: Int
    package var headers: ResponseHeaders
    package var body: ResponseBody
    /// May be sent compressed. The length of a page that holds a secret and what a stranger chose
    /// can tell the secret bit by bit (BREACH). So what proves something, as a form's token, has to
    /// stand under a fresh mask on each page; what else a page says can only be guessed at by
    /// whoever sends the person's browser here for each guess, since no other page gets its cookies
    /// sent along otherwise (SameSite=Lax).
    package var isCompressible = false
    /// What the log calls it: the name of a route, never a path.
    package var label: String?
    /// Of which of many communities it is, for the log.
    package var community: String?

    package init(
        status: Int = 200,
        headers: ResponseHeaders = ResponseHeaders(),
        body: ResponseBody = .none
    ) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A short answer of one kind of content.
    package init(status: Int = 200, contentType: String, _ bytes: [UInt8]) {
        self.init(status: status, body: .bytes(bytes))
        headers.add("Content-Type", contentType)
    }

    package static func text(_ text: String, status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, contentType: "text/plain; charset=utf-8", Array(text.utf8))
    }

    /// Sends the browser elsewhere, to be asked for with GET.
    package static func seeOther(_ location: String) -> HTTPResponse {
        var response = HTTPResponse(status: 303)
        response.headers.add("Location", location)
        return response
    }
}

package enum ResponseBody: Sendable {
    case none
    case bytes([UInt8])
    /// A part of bytes that others hold too, as a range of a static file.
    case slice(ArraySlice<UInt8>)
    /// Made while it is sent.
    case stream(ResponseStream)

    /// In bytes; 0 for a stream, which does not know yet.
    package var count: Int {
        switch self {
        case .none, .stream: 0
        case .bytes(let bytes): bytes.count
        case .slice(let bytes): bytes.count
        }
    }
}
