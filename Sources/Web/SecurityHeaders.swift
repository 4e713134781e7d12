import HTTPServer

/// The headers of every answer that comes from a route, or from none; a static file has its own
/// (`StaticFiles`), which say how long it is kept and keep it on this site. No script or style
/// stands in a page itself, so the policy needs no exceptions.
package enum SecurityHeaders {
    package static let policy = [
        "default-src 'none'", "style-src 'self'", "script-src 'self'", "img-src 'self'",
        "connect-src 'self'", "manifest-src 'self'", "worker-src 'self'", "form-action 'self'",
        "base-uri 'none'", "object-src 'none'", "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ].joined(separator: "; ")

    /// What an answer to this request begins with.
    static func standing(for request: HTTPRequest) -> ResponseHeaders {
        request.isSecure ? overTLS : plain
    }

    // Made once: no other part of a short answer costs as much.
    private static let plain = ResponseHeaders(fields)
    private static let overTLS = ResponseHeaders(
        fields + [("strict-transport-security", "max-age=63072000; includeSubDomains")]
    )

    private static let fields = [
        ("cache-control", "no-store"),
        ("content-security-policy", policy),
        ("x-content-type-options", "nosniff"),
        // "no-referrer" would make browsers send "Origin: null" with our own forms.
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ]
}
