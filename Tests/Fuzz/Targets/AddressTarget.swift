import Basics
import Foundation

@testable import HTTPServer
@testable import Templating
@testable import Web

/// Paths and what chooses by them, a line each: a path to be sent back to, a path to be routed, a
/// list of languages, an origin.
enum AddressTarget {
    static func check(_ bytes: [UInt8]) throws {
        let given = lines(bytes, 5)
        try checkLocal(given[0] ?? "")
        try checkRoute(given[1] ?? "")
        try checkLanguages(given[2] ?? "")
        try checkOrigin(given[3] ?? "")
        try checkForwarded(given[4] ?? "")
    }

    /// Whoever the client is said to be, it is an address, and never one of our own proxies while
    /// another is told of.
    private static func checkForwarded(_ field: String) throws {
        if let range = AddressRange(field), !field.contains("/") {
            try hold(range.contains(field), "an address is in its own range")
        }
        let trusted = ["10.0.0.0/8", "fd00::/8"].compactMap(AddressRange.init)
        let headers = HTTPHeaders([("x-forwarded-for", field)])
        let client = Forwarded.client(headers, else: "10.0.0.1", trusted: trusted)
        try hold(AddressRange(client) != nil && !client.contains("/"), "an address: \(client)")
        let told = field.split(separator: ",").map { $0.filter { $0 != " " && $0 != "\t" } }
        try hold(client == "10.0.0.1" || told.contains(client), "nobody is made up")
        let none = Forwarded.client(headers, else: client, trusted: [])
        try hold(none == client || told.last == none, "only the last is believed")
    }

    /// Wherever a browser is sent, it stays on this site.
    private static func checkLocal(_ text: String) throws {
        guard let path = LocalPath(text) else { return }
        try same(path.text, text, "the path as it was")
        let here = URL(string: "https://kith.example/sign-in")
        // Some of what is let through is no URL at all; a browser then stays where it is.
        guard let there = URL(string: path.text, relativeTo: here) else { return }
        try same(there.host(), "kith.example", "the site")
        try same(there.scheme, "https", "the scheme")
    }

    /// What a route found is exactly the path that was asked for.
    private static func checkRoute(_ path: String) throws {
        guard path.hasPrefix("/") else { return }
        guard case .found(let endpoint, let parameters) = routes.match(.get, path) else { return }
        let spelt = endpoint.route.pattern.split(separator: "/", omittingEmptySubsequences: false)
            .map { part in
                part.hasPrefix("{") ? parameters[String(part.dropFirst().dropLast())] : String(part)
            }
        try same(spelt.map { $0 ?? "missing" }.joined(separator: "/"), path, "the route's path")
    }

    private static let routes: Routes = {
        var routes = Routes()
        for pattern in ["/", "/bookings", "/bookings/{id}", "/bookings/{id}/moving", "/{a}/{b}"] {
            routes.get(pattern, for: .anyone) { _, _ in .text("") }
        }
        return routes
    }()

    /// One of ours, and English only where nothing better was asked for.
    private static func checkLanguages(_ field: String) throws {
        let best = languages.best(acceptLanguage: field).code
        try hold(languages.codes.contains(best), "one of ours")
        if !field.lowercased().contains("cy") { try same(best, "en-GB", "the usual one") }
        try same(languages.best(acceptLanguage: "cy,\(best);q=0.1").code, "cy", "the first")
    }

    private static let languages = Languages([
        Language(code: "en-GB", phrases: [:]), Language(code: "cy", phrases: [:]),
    ])

    /// An origin is ours only if it is spelt as ours is.
    private static func checkOrigin(_ origin: String) throws {
        let request = HTTPRequest(
            method: .post,
            path: "/",
            headers: HTTPHeaders([("origin", origin)]),
            isSecure: true,
            host: "kith.example",
            receivedAt: Instant(milliseconds: 0)
        )
        let isOurs = Origin.isOurs(request)
        try same(isOurs, Array(origin.utf8) == Array("https://kith.example".utf8), origin)
    }
}
