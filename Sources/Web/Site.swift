package import Basics
import Crypto
import Dispatch
package import HTTPServer
package import Store
import Synchronization
package import Templating

/// One community's web site: takes each request through its route, its lane and its drawing.
package final class Site: Sendable {
    /// What the modules above tell the site about people and pages.
    package struct Hooks: Sendable {
        /// Who is asking, from the session's cookie; nil for a visitor.
        package var identify: @Sendable (Request, borrowing Snapshot) throws -> (any Sendable)? =
            { _, _ in nil }
        /// The trace that has to be on disk before the answer may leave; nil if there is none.
        package var trace: @Sendable (Request) -> TraceBody? = { _ in nil }
        /// The trace of a refusal, written after what was refused has been undone.
        package var refused: @Sendable (Request, any Refusal, _ route: String) -> TraceBody? =
            { _, _, _ in nil }
        /// What stands round each page for this person.
        package var frame: @Sendable (Request, Words, borrowing Snapshot) throws -> Frame =
            { _, _, _ in Frame() }

        package init() {}
    }

    package typealias TraceBody = @Sendable (borrowing Change) throws -> Void

    package struct Settings: Sendable {
        package var community: String
        package var version: String
        package var sourceURL: String
        /// Signs form tokens and flashes; 32 bytes, the same over restarts.
        package var tokenKey: [UInt8]
        /// Pages load themselves again when their template changes.
        package var isDevelopment: Bool

        package init(
            community: String,
            version: String,
            sourceURL: String,
            tokenKey: [UInt8],
            isDevelopment: Bool = false
        ) {
            self.community = community
            self.version = version
            self.sourceURL = sourceURL
            self.tokenKey = tokenKey
            self.isDevelopment = isDevelopment
        }
    }

    let settings: Settings
    let routes: Routes
    let hooks: Hooks
    let database: Database
    let templates: Templates
    let languages: Languages
    let files: StaticFiles
    let slow: SlowLane
    /// Not the slow line, where a page would wait behind hashes.
    let refusals = DispatchQueue(label: "refusals")
    let random: RandomSource
    let report: @Sendable (_ reference: String, _ route: String, _ fault: any Error) -> Void
    let token: FormToken
    let flash: Flash
    /// The languages by their own names, in which they are offered on each page.
    let languageNames: [(code: String, name: String)]
    /// What each Accept-Language field came to: browsers send few different ones.
    private let understood = Mutex<[String: String]>([:])
    private static let mostUnderstood = 100

    package init(
        settings: Settings,
        routes: Routes,
        hooks: Hooks,
        database: Database,
        templates: Templates,
        languages: Languages,
        files: StaticFiles,
        slow: SlowLane,
        random: RandomSource,
        report: @escaping @Sendable (String, String, any Error) -> Void
    ) {
        self.settings = settings
        self.routes = routes
        self.hooks = hooks
        self.database = database
        self.templates = templates
        self.languages = languages
        self.files = files
        self.slow = slow
        self.random = random
        self.report = report
        token = FormToken(key: settings.tokenKey, random: random)
        flash = Flash(key: settings.tokenKey)
        languageNames = languages.codes.map { code in
            (code, languages[code]?(Phrase("web.language")) ?? code)
        }
    }

    package var allRoutes: [Routes.Route] { routes.all }

    package func handle(_ http: HTTPRequest, _ responder: Responder) {
        let cookies = Cookies(http.headers["cookie"] ?? "")
        if let file = files.response(for: http) {
            responder.send(file)
            return
        }
        let language = languageCode(http, cookies)
        let request = Request(http: http, languageCode: language, cookies: cookies)
        switch routes.match(http.method, http.path) {
        case .nothing where http.path == "*" && http.method == .options:
            responder.send(allowing(routes.methods, http))
        case .nothing:
            refuse(request, NotThere(), route: "none", responder)
        case .wrongMethod(let allowed) where http.method == .options:
            responder.send(allowing(allowed, http))
        case .wrongMethod(let allowed):
            refuse(request, WrongMethod(allowed: allowed), route: "none", responder)
        case .found(let endpoint, let parameters):
            let arrived: Request
            do {
                arrived = try read(request, parameters, endpoint)
            } catch {
                refuse(request, error, route: endpoint.route.pattern, responder)
                return
            }
            Run(site: self, endpoint: endpoint, request: arrived, responder: responder).start()
        }
    }

    /// Reads the query and the form, and refuses a form that did not come from a page of ours.
    private func read(
        _ bare: Request,
        _ parameters: [String: String],
        _ endpoint: Routes.Endpoint
    ) throws -> Request {
        let isForm = endpoint.route.method == "POST" && endpoint.needsFormToken
        let request = Request(
            http: bare.http,
            parameters: parameters,
            form: isForm ? try Form.posted(bare.http) : Form(),
            query: try Form(FormData(query: bare.http.query)),
            languageCode: bare.languageCode,
            cookies: bare.cookies
        )
        if isForm {
            let shown = request.form.exact(FormToken.field)
            guard Origin.isOurs(bare.http), token.accepts(shown, for: binding(request)) else {
                throw StaleForm()
            }
        }
        return request
    }

    /// What a form's token is bound to: the session, or the visitor's own cookie.
    func binding(_ request: Request) -> String {
        request.cookie(.session) ?? request.cookie(.visitor) ?? ""
    }

    private func languageCode(_ http: HTTPRequest, _ cookies: Cookies) -> String {
        let chosen = cookies[CookieName.language.spelling(isSecure: http.isSecure)]
        if let chosen, languages[chosen] != nil { return chosen }
        let field = http.headers["accept-language"] ?? ""
        return understood.withLock { understood in
            if let code = understood[field] { return code }
            if understood.count >= Self.mostUnderstood { understood = [:] }
            let code = languages.best(acceptLanguage: field).code
            understood[field] = code
            return code
        }
    }

    func words(for request: Request) -> Words {
        // A phrase that is saved while pages are worked on shows wherever it is said.
        let languages = settings.isDevelopment ? templates.languages : languages
        return languages[request.languageCode] ?? languages.best(acceptLanguage: "")
    }

    /// What an address may be asked for, told to a program that asks (RFC 9110, 9.3.7).
    private func allowing(_ methods: [String], _ http: HTTPRequest) -> HTTPResponse {
        var response = HTTPResponse(status: 204, headers: SecurityHeaders.standing(for: http))
        response.headers.add("allow", methods.joined(separator: ", "))
        response.label = "none"
        return response
    }

    /// Draws the page for a request that got no further, here: as quick as any page that is read.
    func refuse(
        _ request: Request,
        _ error: any Error,
        route: String,
        _ responder: Responder
    ) {
        responder.send(refusalResponse(request, error, route: route))
    }

    /// As `refuse`, for whoever must not draw: the writer's thread, for which all others wait. No
    /// more can wait here than there are connections.
    func refuseApart(
        _ request: Request,
        _ error: any Error,
        route: String,
        _ responder: Responder
    ) {
        refusals.async { self.refuse(request, error, route: route, responder) }
    }
}

/// A form without the token of a page that we showed to this browser.
package struct StaleForm: Refusal {
    package init() {}

    package var kind: RefusalKind { .notAllowed }
    package var phrase: Phrase { Phrase("web.refusal.stale-form") }
}

struct WrongMethod: Error {
    let allowed: [String]
}
