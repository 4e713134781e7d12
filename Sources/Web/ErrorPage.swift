package import Basics
import HTTPServer
import Store
package import Templating

/// A page for a request that came to nothing: what happened, what was kept, what to do next.
package struct ErrorPage: Page {
    package static let template = "errors/error.html"
    package static let example = ErrorPage(
        heading: Phrase("web.error.500.title"),
        text: Phrase("web.error.500.text"),
        reference: "3f9a1c0b7d5e2a48"
    )

    let heading: Phrase
    let text: Phrase
    /// Under this the details are in the log; shown for faults only.
    let reference: String?

    package var title: Phrase { heading }

    package func record(_ words: Words) -> Record {
        [
            "title": .text(words(heading)),
            "text": .text(words(text)),
            "reference": reference.map { .text($0) } ?? .none,
        ]
    }
}

extension Site {
    /// The one place where a refusal or a fault becomes an answer: a page, or what programs read.
    func refusalResponse(_ request: Request, _ error: any Error, route: String) -> HTTPResponse {
        if Site.isForPrograms(request.http.path) {
            return problemResponse(request, error, route: route)
        }
        if let refusal = error as? any Refusal { return response(to: refusal, request, route) }
        if error is BadForm { return response(to: NotAForm(), request, route) }
        if error is FormTooLong {
            return errorResponse(413, Phrase("web.error.413.text"), request, route)
        }
        if let wrong = error as? WrongMethod {
            var response = errorResponse(405, Phrase("web.error.405.text"), request, route)
            response.headers.add("allow", wrong.allowed.joined(separator: ", "))
            return response
        }
        report(request.http.id, route, error)
        return errorResponse(500, Phrase("web.error.500.text"), request, route)
    }

    private func response(
        to refusal: any Refusal,
        _ request: Request,
        _ route: String
    ) -> HTTPResponse {
        switch refusal.kind {
        case .signInNeeded:
            return signInFirst(request, route)
        case .notAllowed: return errorResponse(403, refusal.phrase, request, route)
        case .notFound: return errorResponse(404, refusal.phrase, request, route)
        case .conflict: return errorResponse(409, refusal.phrase, request, route)
        case .invalid: return errorResponse(400, refusal.phrase, request, route)
        case .tooMany(let seconds):
            var response = errorResponse(429, refusal.phrase, request, route)
            response.headers.add("retry-after", String(seconds))
            return response
        case .unavailable:
            var response = errorResponse(503, refusal.phrase, request, route)
            response.headers.add("retry-after", "5")
            return response
        }
    }

    private func signInFirst(_ request: Request, _ route: String) -> HTTPResponse {
        var location = "/sign-in"
        if [.get, .head].contains(request.http.method), request.http.path != "/",
            let back = LocalPath(request.http.target)
        {
            location += "?back=\(back.inQuery)"
        }
        var response = HTTPResponse(
            status: 303,
            headers: SecurityHeaders.standing(for: request.http)
        )
        response.label = route
        response.headers.add("location", location)
        return response
    }

    private func errorResponse(
        _ status: Int,
        _ text: Phrase,
        _ request: Request,
        _ route: String
    ) -> HTTPResponse {
        var response = HTTPResponse(
            status: status,
            headers: SecurityHeaders.standing(for: request.http)
        )
        response.label = route
        let page = ErrorPage(
            heading: Phrase("web.error.\(status).title"),
            text: text,
            reference: status == 500 ? request.http.id : nil
        )
        let words = words(for: request)
        do {
            try draw(page, frame(of: request, words), words, request, into: &response)
        } catch {
            report(request.http.id, route, error)
            response.headers.add("content-type", "text/plain; charset=utf-8")
            response.body = .bytes(Array("\(words(page.heading))\n".utf8))
        }
        return response
    }

    /// An error page keeps the person's own frame where the store can still be read.
    private func frame(of request: Request, _ words: Words) -> Frame {
        do {
            return try database.read { snapshot in
                var known = request
                if known.identified == nil {
                    known = request.identifying(try hooks.identify(request, snapshot))
                }
                return try hooks.frame(known, words, snapshot)
            }
        } catch {
            return Frame()
        }
    }
}
