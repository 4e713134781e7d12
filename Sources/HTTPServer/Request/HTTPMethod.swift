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

    init(_ name: Span<UInt8>) {
        // Nearly every request is the one or the other.
        if name.count == 3, name[0] == 0x47, name[1] == 0x45, name[2] == 0x54 {
            self = .get
        } else if name.count == 4, name[0] == 0x50, name[1] == 0x4F, name[2] == 0x53,
            name[3] == 0x54
        {
            self = .post
        } else {
            self.init(String(decoding: name.indices.map { name[$0] }, as: UTF8.self))
        }
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

    private static let known: [HTTPMethod] = [.get, .head, .post, .put, .patch, .delete, .options]
}
