import Basics
import Crypto
import HTTPServer
import Store
import Templating

extension Site {
    /// Turns an answer into bytes and headers, in the snapshot that it was made from.
    func draw(
        _ answer: Answer,
        _ request: Request,
        route: String,
        _ snapshot: borrowing Snapshot
    ) throws -> HTTPResponse {
        var response = plain(answer, request, route: route)
        if case .page(let page) = answer.content {
            let words = words(for: request)
            let frame = try hooks.frame(request, words, snapshot)
            try draw(page, frame, words, request, into: &response)
        }
        return response
    }

    /// Everything of an answer but its page, which alone needs the store.
    func plain(_ answer: Answer, _ request: Request, route: String) -> HTTPResponse {
        var response = HTTPResponse(
            status: answer.status,
            headers: SecurityHeaders.standing(for: request.http)
        )
        response.label = route
        switch answer.content {
        case .seeOther(let path): response.headers.add("location", path)
        case .bytes(let bytes, let contentType):
            response.headers.add("content-type", contentType)
            response.body = .bytes(bytes)
        case .events(let stream):
            let events = HTTPResponse.events(stream)
            response.headers.add(contentsOf: events.headers)
            response.body = events.body
        case .page: break
        }
        for (name, value) in answer.headers { response.headers.add(name, value) }
        var cookies = answer.cookies
        if let key = answer.flash {
            cookies.append(SiteCookie(.flash, flash.sealed(key), maxAgeSeconds: 60))
        }
        for cookie in cookies {
            response.headers.add("set-cookie", cookie.header(isSecure: request.http.isSecure))
        }
        return response
    }

    func draw(
        _ page: any Page,
        _ frame: Frame,
        _ words: Words,
        _ request: Request,
        into response: inout HTTPResponse
    ) throws {
        var binding = binding(request)
        if binding.isEmpty {
            // A visitor's first page: the token in its forms needs something to hang on.
            binding = Hex.encode(random.bytes(16))
            let cookie = SiteCookie(.visitor, binding, maxAgeSeconds: nil)
            response.headers.add("set-cookie", cookie.header(isSecure: request.http.isSecure))
        }
        var note: String?
        if let sealed = request.cookie(.flash) {
            note = flash.opened(sealed).map { words(Phrase($0)) }
            let cookie = SiteCookie.removing(.flash)
            response.headers.add("set-cookie", cookie.header(isSecure: request.http.isSecure))
        }
        let surroundings = Surroundings(
            settings: settings,
            url: files.url,
            languages: languageNames,
            words: words,
            frame: frame,
            title: page.title,
            errors: page.errors,
            banner: page.banner,
            back: back(after: request.http),
            token: token.masked(for: binding),
            note: note
        )
        var bytes: [UInt8] = []
        try templates.draw(
            type(of: page).template,
            page.record(words),
            site: surroundings.record,
            words: words,
            into: &bytes
        )
        response.headers.add("content-type", "text/html; charset=utf-8")
        response.headers.add("content-language", words.code)
        response.headers.add("vary", "cookie, accept-language")
        response.body = .bytes(bytes)
        response.isCompressible = true
    }
}
