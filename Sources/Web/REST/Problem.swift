package import Basics
import Crypto
import HTTPServer
import Templating

/// Why the REST face did not do what was asked: problem details (RFC 9457).
package struct Problem: Refusal {
    /// What is wrong with one place of the body.
    package struct Flaw: Sendable {
        /// A JSON pointer as a fragment: `#/legs/0/amount`.
        package let pointer: String
        package let phrase: Phrase

        package init(_ pointer: String, _ phrase: Phrase) {
            self.pointer = pointer
            self.phrase = phrase
        }

        /// A name that anyone may have chosen, as a step of such a pointer (RFC 6901, sections 3
        /// and 6).
        static func step(_ name: String) -> String {
            let escaped = name.replacing("~", with: "~0").replacing("/", with: "~1")
            var step = ""
            for byte in escaped.utf8 {
                let scalar = Unicode.Scalar(byte)
                if byte < 0x80, keptInFragments.contains(scalar) {
                    step.unicodeScalars.append(scalar)
                } else {
                    step += "%" + Hex.encode([byte]).uppercased()
                }
            }
            return step
        }

        /// RFC 3986, section 3.5.
        private static let keptInFragments = Set(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/?"
                .unicodeScalars
        )
    }

    package let status: Int
    package let phrase: Phrase
    /// A name of ours that a program can tell it by; nil where the status says it all.
    package let name: String?
    package let flaws: [Flaw]
    let headers: [(String, String)]

    package init(
        _ status: Int,
        _ phrase: Phrase,
        name: String? = nil,
        flaws: [Flaw] = [],
        headers: [(String, String)] = []
    ) {
        self.status = status
        self.phrase = phrase
        self.name = name
        self.flaws = flaws
        self.headers = headers
    }

    package var kind: RefusalKind {
        switch status {
        case 401: .signInNeeded
        case 403: .notAllowed
        case 404: .notFound
        case 409: .conflict
        default: .invalid
        }
    }

    /// No token, or one that is not or no longer good (RFC 6750, section 3).
    package static func unauthorized(_ request: Request) -> Problem {
        let isShown = request.http.headers["authorization"] != nil
        return Problem(
            401,
            Phrase(isShown ? "web.rest.token-not-good" : "web.rest.token-needed"),
            headers: [
                (
                    "www-authenticate",
                    isShown
                        ? "Bearer realm=\"Kith\", error=\"invalid_token\""
                        : "Bearer realm=\"Kith\""
                )
            ]
        )
    }

    /// The token is good, but not for this.
    package static func outOfScope(_ scope: String) -> Problem {
        Problem(
            403,
            Phrase("web.rest.out-of-scope"),
            headers: [
                (
                    "www-authenticate",
                    "Bearer realm=\"Kith\", error=\"insufficient_scope\", scope=\"\(scope)\""
                )
            ]
        )
    }
}

extension Problem {
    static let contentType = "application/problem+json"

    /// Under `id` the log has what happened.
    func bytes(_ words: Words, id: String) -> [UInt8] {
        var members = [
            JSON.Member(
                name: "type",
                value: .text(name.map { "urn:kith:problem:\($0)" } ?? "about:blank")
            ),
            JSON.Member(name: "title", value: .text(HTTPStatus.reason(status))),
            JSON.Member(name: "status", value: .whole(Int64(status))),
            JSON.Member(name: "detail", value: .text(words(phrase))),
            JSON.Member(name: "instance", value: .text("urn:kith:request:\(id)")),
        ]
        if !flaws.isEmpty {
            let flaws = flaws.map { flaw in
                JSON.record([
                    "pointer": .text(flaw.pointer), "detail": .text(words(flaw.phrase)),
                ])
            }
            members.append(JSON.Member(name: "errors", value: .array(flaws)))
        }
        return JSON.object(members).bytes
    }
}

extension Site {
    /// Whether an address belongs to the face for programs, which never answers with a page.
    package static func isForPrograms(_ path: String) -> Bool {
        path.hasPrefix("/api/")
    }

    /// The same refusals and faults as on pages, for programs.
    func problemResponse(_ request: Request, _ error: any Error, route: String) -> HTTPResponse {
        let problem = problem(request, error, route)
        var response = HTTPResponse(
            status: problem.status,
            headers: SecurityHeaders.standing(for: request.http)
        )
        response.label = route
        for (name, value) in problem.headers { response.headers.add(name, value) }
        let words = words(for: request)
        response.headers.add("content-language", words.code)
        response.headers.add("content-type", Problem.contentType)
        response.body = .bytes(problem.bytes(words, id: request.http.id))
        return response
    }

    private func problem(_ request: Request, _ error: any Error, _ route: String) -> Problem {
        if let problem = error as? Problem { return problem }
        if let refusal = error as? any Refusal { return problem(request, refusal) }
        if error is BadForm { return Problem(400, Phrase("web.refusal.not-a-form")) }
        if let wrong = error as? WrongMethod {
            return Problem(
                405,
                Phrase("web.rest.wrong-method"),
                headers: [("allow", wrong.allowed.joined(separator: ", "))]
            )
        }
        report(request.http.id, route, error)
        return Problem(500, Phrase("web.error.500.text"))
    }

    private func problem(_ request: Request, _ refusal: any Refusal) -> Problem {
        switch refusal.kind {
        case .signInNeeded: .unauthorized(request)
        case .notAllowed: Problem(403, refusal.phrase)
        case .notFound: Problem(404, Phrase("web.rest.not-there"))
        case .conflict: Problem(409, refusal.phrase)
        case .invalid: Problem(400, refusal.phrase)
        case .tooMany(let seconds):
            Problem(429, refusal.phrase, headers: [("retry-after", String(seconds))])
        case .unavailable: Problem(503, refusal.phrase, headers: [("retry-after", "1")])
        }
    }
}
