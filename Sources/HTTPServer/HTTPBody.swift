/// What came after a request's head. It is bounded by the settings before anybody sees it.
package enum HTTPBody: Sendable {
    case none
    case bytes([UInt8])

    package var count: Int {
        switch self {
        case .none: 0
        case .bytes(let bytes): bytes.count
        }
    }

    package var bytes: [UInt8] {
        switch self {
        case .none: []
        case .bytes(let bytes): bytes
        }
    }
}
