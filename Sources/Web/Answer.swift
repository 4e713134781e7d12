import Basics
package import HTTPServer

/// What a handler gives back: a plain value, drawn afterwards.
package struct Answer: Sendable {
    enum Content: Sendable {
        case page(any Page)
        case seeOther(String)
        case bytes([UInt8], contentType: String)
        case events(ResponseStream)
    }

    let content: Content
    let status: Int
    var headers: [(String, String)] = []
    var cookies: [SiteCookie] = []

    package static func page(_ page: any Page, status: PageStatus = .ok) -> Answer {
        Answer(content: .page(page), status: status.rawValue)
    }

    /// After a form was taken: the browser fetches this path, so that going back or reloading
    /// sends nothing twice. The flash is a key without arguments, so that nothing personal
    /// travels in a cookie.
    package static func seeOther(_ path: String, flash key: String? = nil) -> Answer {
        var answer = Answer(content: .seeOther(path), status: 303)
        if let key { answer.flash = key }
        return answer
    }

    package static func text(_ text: String, status: Int = 200) -> Answer {
        bytes(Array(text.utf8), contentType: "text/plain; charset=utf-8", status: status)
    }

    package static func json(_ bytes: [UInt8], status: Int = 200) -> Answer {
        self.bytes(bytes, contentType: "application/json", status: status)
    }

    package static func bytes(_ bytes: [UInt8], contentType: String, status: Int = 200) -> Answer {
        Answer(content: .bytes(bytes, contentType: contentType), status: status)
    }

    /// Events as they happen; they are nobody's record, since no trace of them is kept.
    package static func events(_ stream: ResponseStream) -> Answer {
        Answer(content: .events(stream), status: 200)
    }

    private(set) var flash: String?

    package func with(_ cookie: SiteCookie) -> Answer {
        var answer = self
        answer.cookies.append(cookie)
        return answer
    }

    package func with(header name: String, _ value: String) -> Answer {
        var answer = self
        answer.headers.append((name, value))
        return answer
    }
}

package enum PageStatus: Int, Sendable {
    case ok = 200
    case conflict = 409
    case unprocessable = 422
    case tooMany = 429
}
