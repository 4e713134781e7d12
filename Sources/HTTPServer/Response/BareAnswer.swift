/// What is said to a request that no handler ever saw.
package struct BareAnswer: Sendable {
    /// How it is worded: by the status, the path if it is known, and under which name the log has
    /// the request.
    package typealias Wording =
        @Sendable (_ status: Int, _ path: String?, _ id: String) -> BareAnswer

    let contentType: String
    let bytes: [UInt8]

    package init(contentType: String, _ bytes: [UInt8]) {
        self.contentType = contentType
        self.bytes = bytes
    }

    static let plain: Wording = { status, _, _ in
        BareAnswer(
            contentType: "text/plain; charset=utf-8",
            Array("\(status) \(HTTPStatus.reason(status))\n".utf8)
        )
    }
}
