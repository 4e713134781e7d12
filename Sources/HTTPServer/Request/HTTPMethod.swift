/// What a request asks to be done. Names are told apart by case, as the standard says.
package enum HTTPMethod: Hashable, Sendable {
    case get
    case head
    case post
    case put
    case patch
    case delete
    case options
    case other(String)

    package init(_ name: String) {
        self = Self.known.first { $0.name == name } ?? .other(name)
    }

    package var name: String {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .patch: "PATCH"
        case .delete: "DELETE"
        case .options: "OPTIONS"
        case .other(let name): name
        }
    }

    /// True for the methods that only look: they may be repeated and followed without asking.
    package var isSafe: Bool {
        switch self {
        case .get, .head, .options: true
        default: false
        }
    }

    private static let known: [HTTPMethod] = [.get, .head, .post, .put, .patch, .delete, .options]
}
