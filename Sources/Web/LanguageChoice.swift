import Basics
import HTTPServer
package import Templating

/// Choosing the language of the pages. It is kept in a cookie, so it works before signing in.
package struct LanguageHandlers: Sendable {
    let languages: Languages

    package init(languages: Languages) {
        self.languages = languages
    }

    package func add(to routes: inout Routes) {
        routes.post("/language", for: .anyone, lane: .read, submit)
    }

    private func submit(_ request: Request, _: Anyone) throws -> Answer {
        guard languages[request.form["code"]] != nil else { throw NotThere() }
        let back = LocalPath(request.form["back"])?.text ?? "/"
        let year = 365 * 24 * 3600
        return .seeOther(back).with(
            SiteCookie(.language, request.form["code"], maxAgeSeconds: year)
        )
    }
}

extension Site {
    /// Where whoever chooses another language on the page that answers this request is led back
    /// to. A refused form has drawn its page at an address that may not be opened, so it is the
    /// page that the form stood on.
    func back(after request: HTTPRequest) -> String {
        if [.get, .head].contains(request.method) {
            return LocalPath(request.target)?.text ?? "/"
        }
        guard let page = Origin.page(request),
            case .found = routes.match(.get, String(page.text.prefix { $0 != "?" }))
        else { return "/" }
        return page.text
    }
}
