package import Basics
package import HTTPServer

/// What a handler reads: the request as it came, its path's parameters, and who is asking.
package struct Request: Sendable {
    package let http: HTTPRequest
    package let parameters: [String: String]
    package let form: Form
    package let query: Form
    /// Who is asking, as `Site.Hooks.identify` found out. Only the module that made the value
    /// can read it.
    package let identified: (any Sendable)?
    /// The language that the person reads: chosen, or the browser's best.
    package let languageCode: String
    let cookies: Cookies

    init(
        http: HTTPRequest,
        parameters: [String: String] = [:],
        form: Form = Form(),
        query: Form = Form(),
        languageCode: String,
        cookies: Cookies,
        identified: (any Sendable)? = nil
    ) {
        self.http = http
        self.parameters = parameters
        self.form = form
        self.query = query
        self.languageCode = languageCode
        self.cookies = cookies
        self.identified = identified
    }

    func identifying(_ identified: (any Sendable)?) -> Request {
        Request(
            http: http,
            parameters: parameters,
            form: form,
            query: query,
            languageCode: languageCode,
            cookies: cookies,
            identified: identified
        )
    }

    /// The id in the path. What is not an id leads nowhere.
    package func id<Entity>(
        _ name: String = "id",
        of _: Entity.Type = Entity.self
    ) throws -> Identifier<Entity> {
        guard let text = parameters[name], let id = Identifier<Entity>(text) else {
            throw NotThere()
        }
        return id
    }

    /// A cookie of ours, under the name it has on this kind of connection.
    package func cookie(_ name: CookieName) -> String? {
        cookies[name.spelling(isSecure: http.isSecure)]
    }
}

/// A cookie we set. Over TLS its name carries the `__Host-` prefix, with which a browser refuses
/// to take it from another host or without `Secure`.
package struct CookieName: Sendable {
    package let name: String

    package init(_ name: String) {
        self.name = name
    }

    package static let session = CookieName("session")
    static let visitor = CookieName("visitor")
    static let language = CookieName("language")
    static let flash = CookieName("flash")

    package func spelling(isSecure: Bool) -> String {
        isSecure ? "__Host-\(name)" : name
    }
}

/// A cookie to send along with an answer.
package struct SiteCookie: Sendable {
    let name: CookieName
    let value: String
    /// Nil lets it end with the browser's session; 0 removes it.
    let maxAgeSeconds: Int?

    package init(_ name: CookieName, _ value: String, maxAgeSeconds: Int?) {
        self.name = name
        self.value = value
        self.maxAgeSeconds = maxAgeSeconds
    }

    package static func removing(_ name: CookieName) -> SiteCookie {
        SiteCookie(name, "", maxAgeSeconds: 0)
    }

    func header(isSecure: Bool) -> String {
        var text = "\(name.spelling(isSecure: isSecure))=\(value); Path=/; HttpOnly; SameSite=Lax"
        if isSecure { text += "; Secure" }
        if let maxAgeSeconds { text += "; Max-Age=\(maxAgeSeconds)" }
        return text
    }
}
