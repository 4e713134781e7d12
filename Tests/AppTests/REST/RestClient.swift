import Basics
import HTTPServer
import Identity
import Testing
import Web

@testable import App

/// A program of someone's, with a token. Every answer it gets is held against the OpenAPI
/// document, so each test of the interface is one of the document too.
struct RestClient: Sendable {
    static let document = Result { try OpenAPIDocument() }

    let rig: Rig
    let token: String

    init(_ rig: Rig, _ name: String, _ scope: TokenScope) throws {
        let lines = try rig.community.answer(
            Control.Question(
                command: "token",
                words: ["create"],
                name: name,
                scope: scope.rawValue
            )
        )
        self.init(rig, token: try #require(lines.first))
    }

    init(_ rig: Rig, token: String) {
        self.rig = rig
        self.token = token
    }

    func get(_ path: String) throws -> PageAnswer {
        try send(.get, path, [])
    }

    func post(
        _ body: String,
        key: String?,
        type: String? = "application/json",
        language: String = "en-GB"
    ) throws -> PageAnswer {
        var headers = [("accept-language", language)]
        if let key { headers.append(("idempotency-key", key)) }
        if let type { headers.append(("content-type", type)) }
        return try send(.post, "/api/ledger/entries", headers, Array(body.utf8))
    }

    func send(
        _ method: HTTPMethod,
        _ path: String,
        _ headers: [(String, String)],
        _ body: [UInt8]? = nil
    ) throws -> PageAnswer {
        let parts = path.split(separator: "?", maxSplits: 1)
        let answer = try rig.answer(
            to: HTTPRequest(
                method: method,
                path: String(parts[0]),
                query: parts.count > 1 ? String(parts[1]) : nil,
                headers: HTTPHeaders(
                    [("host", "localhost"), ("authorization", "Bearer \(token)")] + headers
                ),
                body: body.map { .bytes($0) } ?? .none,
                receivedAt: rig.clock.source.now()
            )
        )
        for problem in try Self.document.get().problems(method.name, String(parts[0]), answer) {
            Issue.record("\(method.name) \(path) \(answer.status): \(problem): \(answer.text)")
        }
        return answer
    }

    /// The ledger's accounts by kind.
    func accounts() throws -> [String: String] {
        let list = try get("/api/ledger/accounts").json["accounts"]?.items ?? []
        return Dictionary(
            list.map { ($0["kind"]?.string ?? "", $0["id"]?.string ?? "") },
            uniquingKeysWith: { first, _ in first }
        )
    }
}

extension PageAnswer {
    var json: JSON { (try? JSONReader.read(body)) ?? .null }

    /// The last part of a problem's type.
    var problem: String? {
        json["type"]?.string?.split(separator: ":").last.map(String.init)
    }

    var pointers: [String] {
        (json["errors"]?.items ?? []).compactMap { $0["pointer"]?.string }
    }
}

extension HTTPRequest {
    static func of(_ path: String, token: String) -> HTTPRequest {
        HTTPRequest(
            method: .get,
            path: path,
            headers: HTTPHeaders([("authorization", "Bearer \(token)")]),
            receivedAt: Instant(milliseconds: 0)
        )
    }
}
