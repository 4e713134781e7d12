import Basics
import Channels
import Crypto
import Dispatch
import Foundation
import Store
import Synchronization
import TestSupport
import Testing
import Vault
import Web

@testable import App
@testable import HTTPServer

/// The whole application over a fresh store with the demonstration community in it, driven
/// through its routes without a socket.
final class Rig: Sendable {
    /// Saturday 21 November 2026, 10:00.
    static let start = Instant(milliseconds: 1_795_255_200_000)

    let community: Community
    let database: Database
    let clock: StandingClock

    init(contact: CommunitySettings.Contact? = nil) throws {
        clock = StandingClock(Self.start)
        database = try Database.inMemory(
            time: clock.source,
            copyOf: LivedDemonstration.path()
        )
        var settings = LivedDemonstration.settings
        settings.contact = contact
        community = try Self.community(over: database, settings, clock)
    }

    /// Over a store in which the community was made before.
    init(serving database: Database) throws {
        clock = StandingClock(Self.start)
        self.database = database
        community = try Self.community(over: database, LivedDemonstration.settings, clock)
    }

    private static func community(
        over database: Database,
        _ settings: CommunitySettings,
        _ clock: StandingClock
    ) throws -> Community {
        try Community(
            Community.Given(
                settings: settings,
                home: LivedDemonstration.home.get(),
                address: "http://localhost",
                mailbox: Mailbox(),
                time: clock.source,
                random: .system,
                master: LivedDemonstration.master,
                sender: MailSender { _, _ in },
                report: { _, _, _ in },
                log: { _ in }
            ),
            database: database
        )
    }

    /// A browser of one of the cast, or of a visitor.
    func browser(_ name: String? = nil) throws -> Browser {
        let browser = Browser(time: clock.source, answer)
        if let name {
            let answer = try browser.post(
                "/sign-in",
                ["name": name, "password": Demonstration.password]
            )
            try #require(answer.status == 303, "\(name) could not sign in: \(answer.text)")
            // The session is another now, and so is the token of its forms.
            _ = try browser.get("/notices")
        }
        return browser
    }

    /// Sends one request through the routes and waits for its answer.
    func answer(to request: HTTPRequest) throws -> PageAnswer {
        try PageAnswer.waited { community.site.handle(request, $0) }
    }

    /// The first thing of a kind that stands on a page, by its address.
    func path(_ pattern: Regex<(Substring, Substring)>, on page: String, as name: String) throws
        -> String
    {
        let text = try browser(name).get(page).text
        return String(try #require(text.firstMatch(of: pattern)).1)
    }
}

struct PageAnswer: Sendable {
    let status: Int
    let headers: [(String, String)]
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
    var location: String? { header("location") }

    /// The answer of whatever is given a way to answer.
    static func waited(_ handle: (Responder) -> Void) throws -> PageAnswer {
        let box = Mutex<[HTTPResponse]>([])
        let done = DispatchSemaphore(value: 0)
        handle(
            Responder { response in
                box.withLock { $0.append(response) }
                done.signal()
            }
        )
        try #require(done.comes(), "nothing was answered")
        let response = try #require(box.withLock { $0.first })
        let lines = String(decoding: response.headers.bytes, as: UTF8.self)
        return PageAnswer(
            status: response.status,
            headers: lines.split(separator: "\r\n").map { line -> (String, String) in
                let colon: Substring.Index = line.firstIndex(of: ":") ?? line.endIndex
                return (String(line[..<colon]), String(line[colon...].dropFirst(2)))
            },
            body: response.body.all
        )
    }

    func header(_ name: String) -> String? {
        headers.first { $0.0.lowercased() == name }?.1
    }
}

/// Keeps cookies, reads the form token from the page before, tells which that was, and sends forms
/// as a browser does.
final class Browser: Sendable {
    private struct State {
        var cookies: [String: String] = [:]
        var token = ""
        var page: String?
    }

    private let host: String
    private let time: TimeSource
    private let answering: @Sendable (HTTPRequest) throws -> PageAnswer
    private let state = Mutex(State())

    init(
        host: String = "localhost",
        time: TimeSource,
        _ answering: @escaping @Sendable (HTTPRequest) throws -> PageAnswer
    ) {
        self.host = host
        self.time = time
        self.answering = answering
    }

    func get(_ path: String) throws -> PageAnswer {
        try send(.get, path, body: nil)
    }

    /// Opens a page for its token, then posts, as a person does.
    func post(
        _ path: String,
        _ fields: [String: String],
        from page: String = "/sign-in",
        withToken: Bool = true
    ) throws -> PageAnswer {
        var fields = fields
        if withToken {
            if state.withLock({ $0.token.isEmpty }) { _ = try get(page) }
            fields["token"] = state.withLock { $0.token }
        }
        let body = fields.map { "\(escaped($0.key))=\(escaped($0.value))" }.joined(separator: "&")
        return try send(.post, path, body: Array(body.utf8))
    }

    /// The same browser once more: what is sent from both was sent twice.
    func copy() -> Browser { at(host) }

    /// With the same cookies at another host, as no real browser would.
    func at(_ host: String) -> Browser {
        let other = Browser(host: host, time: time, answering)
        let held = state.withLock { $0 }
        other.state.withLock { $0 = held }
        return other
    }

    /// Forgets the token, so that the next post opens a page again.
    func forgetToken() {
        state.withLock { $0.token = "" }
    }

    private func send(_ method: HTTPMethod, _ path: String, body: [UInt8]?) throws -> PageAnswer {
        let parts = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let (cookies, page) = state.withLock { state in
            (state.cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; "), state.page)
        }
        var headers: [(String, String)] = [("host", host), ("accept-language", "en-GB")]
        if !cookies.isEmpty { headers.append(("cookie", cookies)) }
        if let page { headers.append(("referer", "http://\(host)\(page)")) }
        if body != nil {
            headers.append(("content-type", "application/x-www-form-urlencoded"))
        }
        let answer = try answering(
            HTTPRequest(
                method: method,
                path: String(parts[0]),
                query: parts.count > 1 ? String(parts[1]) : nil,
                headers: HTTPHeaders(headers),
                body: body.map { .bytes($0) } ?? .none,
                host: host,
                receivedAt: time.now()
            )
        )
        keep(answer, of: path)
        return answer
    }

    private func keep(_ answer: PageAnswer, of path: String) {
        state.withLock { state in
            if answer.header("content-type")?.hasPrefix("text/html") == true { state.page = path }
            for (name, value) in answer.headers where name.lowercased() == "set-cookie" {
                let pair = value.split(separator: ";")[0]
                    .split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                state.cookies[String(pair[0])] =
                    value.contains("Max-Age=0") ? nil : String(pair[1])
            }
            if let token = answer.text.firstMatch(of: #/name="token" value="([^"]+)"/#)?.1 {
                state.token = String(token)
            }
        }
    }

    private func escaped(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
}
