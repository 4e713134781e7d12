import HTTPServer
import Web

/// Answers for whoever reaches no open community: whether the process is alive, what it counts,
/// and that there is nobody here or not now.
struct Lobby: Sendable {
    private let page: BarePage
    private let metrics: Metrics

    init(_ home: Home, _ metrics: Metrics) {
        page = BarePage(languages: home.languages)
        self.metrics = metrics
    }

    func bare(_ status: Int) -> [UInt8] { page.bytes(status) }

    /// To be answered without a community, and no reason to open one or to keep it open: else
    /// whoever watched over them would.
    static func isOnlyAsking(_ request: HTTPRequest) -> Bool {
        request.path == "/healthz" || request.path == "/version"
    }

    func about(_ request: HTTPRequest) -> HTTPResponse {
        guard request.method == .get || request.method == .head else {
            return page.answer(to: request, 421)
        }
        switch request.path {
        case "/healthz": return .text("ok\n")
        case "/version":
            return HTTPResponse(contentType: "application/json", Version.json)
        default: return page.answer(to: request, 421)
        }
    }

    /// For a host that nobody is served at: the process may be asked how it is under any name.
    func nobody(_ request: HTTPRequest) -> HTTPResponse {
        guard request.path == "/metrics", request.method == .get else { return about(request) }
        return HTTPResponse(contentType: Metrics.contentType, Array(metrics.text().utf8))
    }

    func notNow(_ request: HTTPRequest, retryAfterSeconds: Int64) -> HTTPResponse {
        var response = page.answer(to: request, 503)
        response.headers.add("retry-after", String(retryAfterSeconds))
        return response
    }
}
