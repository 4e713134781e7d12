import HTTPServer

/// The headers that every answer of ours carries. No script or style stands in a page itself,
/// so the policy needs no exceptions.
package enum SecurityHeaders {
    package static let policy = [
        "default-src 'none'", "style-src 'self'", "script-src 'self'", "img-src 'self'",
        "connect-src 'self'", "manifest-src 'self'", "worker-src 'self'", "form-action 'self'",
        "base-uri 'none'", "object-src 'none'", "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ].joined(separator: "; ")

    static func add(to response: inout HTTPResponse, for request: HTTPRequest) {
        response.headers.add("content-security-policy", policy)
        response.headers.add("x-content-type-options", "nosniff")
        // "no-referrer" would make browsers send "Origin: null" with our own forms.
        response.headers.add("referrer-policy", "same-origin")
        response.headers.add("cross-origin-opener-policy", "same-origin")
        response.headers.add("cross-origin-resource-policy", "same-origin")
        response.headers.add("x-frame-options", "DENY")
        response.headers.add("permissions-policy", "camera=(), geolocation=(), microphone=()")
        if request.isSecure {
            response.headers.add("strict-transport-security", "max-age=63072000; includeSubDomains")
        }
    }
}
