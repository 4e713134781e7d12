import Basics
package import HTTPServer
package import Templating

/// A page without a template, a style or a person, for what reaches no community: what was no
/// request at all, a host that nobody is served at, a community that cannot be opened.
package struct BarePage: Sendable {
    private let languages: Languages

    package init(languages: Languages) {
        self.languages = languages
    }

    /// What was read of a request is not enough to know its language.
    package func bare(_ status: Int, path: String?, id: String) -> BareAnswer {
        guard let path, Site.isForPrograms(path) else {
            return BareAnswer(
                contentType: "text/html; charset=utf-8",
                page(status, languages.usual)
            )
        }
        let phrase =
            switch status {
            case 413: Phrase("web.rest.too-large-for-all")
            case 503: Phrase("web.error.503.text")
            default: Phrase("web.refusal.not-a-form")
            }
        return BareAnswer(
            contentType: Problem.contentType,
            Problem(status, phrase).bytes(languages.usual, id: id)
        )
    }

    package func answer(to request: HTTPRequest, _ status: Int) -> HTTPResponse {
        let words = languages.best(acceptLanguage: request.headers["accept-language"] ?? "")
        var response = HTTPResponse(
            status: status,
            headers: SecurityHeaders.standing(for: request)
        )
        response.headers.add("content-type", "text/html; charset=utf-8")
        response.label = "none"
        response.body = .bytes(page(status, words))
        return response
    }

    private func page(_ status: Int, _ words: Words) -> [UInt8] {
        let (title, text) =
            switch status {
            case 413: (Phrase("web.error.413.title"), Phrase("web.error.413.text"))
            case 421: (Phrase("web.error.421.title"), Phrase("web.error.421.text"))
            case 429: (Phrase("web.error.429.title"), Phrase("web.refusal.not-a-form"))
            case 500: (Phrase("web.error.500.title"), Phrase("web.error.500.text"))
            case 503: (Phrase("web.error.503.title"), Phrase("web.error.503.text"))
            default: (Phrase("web.error.400.title"), Phrase("web.refusal.not-a-form"))
            }
        return Array(
            """
            <!DOCTYPE html>
            <html lang="\(words.code)"><head><meta charset="utf-8"><title>\(words(title))</title>
            <meta name="viewport" content="width=device-width"></head>
            <body><main><h1>\(words(title))</h1><p>\(words(text))</p></main></body></html>

            """.utf8
        )
    }
}
