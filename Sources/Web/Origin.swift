import HTTPServer

/// Whether a form was posted from a page of this same site, as far as the browser tells.
enum Origin {
    static func isOurs(_ request: HTTPRequest) -> Bool {
        // The browser's own judgement, which no page can write; it knows our name even when a
        // proxy does not pass it on.
        if let site = request.headers["sec-fetch-site"] {
            return site == "same-origin" || site == "none"
        }
        guard let origin = request.headers["origin"] else { return true }
        // A proxy that does TLS may not say so; but what came over TLS is from no plain page.
        let schemes = [("https://", "443")] + (request.isSecure ? [] : [("http://", "80")])
        return schemes.contains { scheme, port in
            origin.hasPrefix(scheme)
                && Host.areSame(
                    String(origin.dropFirst(scheme.count)),
                    request.host,
                    defaultPort: port
                )
        }
    }

    /// The page of ours that a form stood on, as far as the browser tells.
    static func page(_ request: HTTPRequest) -> LocalPath? {
        guard isOurs(request), let address = request.headers["referer"] else { return nil }
        // The scheme, nothing, the host, and what leads to no other site whatever it is.
        let parts = address.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        return parts.count == 4 ? LocalPath("/\(parts[3])") : nil
    }
}
