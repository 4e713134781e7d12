import HTTPServer
import Web

/// Answers for whoever reaches no open community: whether the process is alive, what it counts,
/// and that there is nobody here or not now.
struct Lobby: Sendable {
    private let page: BarePage
    private let metrics: Metrics
    /// Where many are served, whoever asks whether they can be opens none of them.
    private let folder: String?

    init(_ plan: ServingPlan, _ metrics: Metrics) {
        page = BarePage(languages: plan.home.languages)
        self.metrics = metrics
        folder = plan.folder
    }

    func bare(_ status: Int, path: String?, id: String) -> BareAnswer {
        page.bare(status, path: path, id: id)
    }

    /// To be answered without a community, and no reason to open one or to keep it open: else
    /// whoever watched over them would.
    static func isOnlyAsking(_ request: HTTPRequest) -> Bool {
        ["/healthz", "/version", "/metrics"].contains(request.path)
    }

    /// The process may be asked how it is under any name. What a closed community would count is
    /// told while it is open: it stays so for as long as there is something to worry about.
    func about(_ request: HTTPRequest) -> HTTPResponse {
        guard request.method == .get || request.method == .head else {
            return page.answer(to: request, 421)
        }
        switch request.path {
        case "/healthz": return .text("ok\n")
        case "/readyz": return ready
        case "/version":
            return HTTPResponse(contentType: "application/json", Version.json)
        case "/metrics":
            return HTTPResponse(contentType: Metrics.contentType, Array(metrics.text().utf8))
        default: return page.answer(to: request, 421)
        }
    }

    /// Under no community's name: templates and settings were read, and communities are found. One
    /// that is broken is no reason to send all others' visitors elsewhere.
    private var ready: HTTPResponse {
        folder.map(Opening.isFolder) ?? true
            ? .text("ready\n")
            : .text("the folder of the communities is not there\n", status: 503)
    }

    func notNow(_ request: HTTPRequest, _ not: Door.NotNow) -> HTTPResponse {
        var response =
            request.path == "/readyz"
            ? .text("\(not)\n", status: 503) : page.answer(to: request, 503)
        response.headers.add("retry-after", String(not.retryAfterSeconds))
        return response
    }
}
