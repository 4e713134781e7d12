/// How a value is made safe for its place. Decided when a template is compiled.
enum Escape: UInt8, Sendable {
    /// Between tags: & < > " ' become entities; ready-made HTML stays.
    case text
    /// In a quoted attribute, title or textarea: the same, and ready-made HTML is refused.
    case attribute
    /// A whole address, or its beginning: a scheme that is not allowed leaves "#".
    case address
    /// A whole path on our host: anything else leaves "#".
    case addressOnOurHost
    /// Part of an address's path.
    case addressPath
    /// Part of an address's query or fragment.
    case addressQuery
    /// In a text file: as it is.
    case none
}

extension Output {
    @inline(__always)
    mutating func put(_ text: String, as escape: Escape) {
        let isDone: Void? = unsafe text.utf8.withContiguousStorageIfAvailable { bytes in
            unsafe put(bytes, as: escape)
        }
        if isDone == nil {
            // A text that is not in one piece, which none of ours is.
            var copy = text
            copy.withUTF8 { bytes in unsafe put(bytes, as: escape) }
        }
    }

    @inline(__always)
    private mutating func put(_ bytes: UnsafeBufferPointer<UInt8>, as escape: Escape) {
        guard let start = bytes.baseAddress else { return }
        switch escape {
        case .text, .attribute: unsafe putEscaped(start, bytes.count)
        case .none: unsafe put(start, bytes.count)
        case .address, .addressOnOurHost, .addressPath, .addressQuery:
            unsafe putAddress(bytes, escape)
        }
    }

    @inline(never)
    private mutating func putAddress(_ bytes: UnsafeBufferPointer<UInt8>, _ escape: Escape) {
        let isRefused =
            switch escape {
            case .address: unsafe !isAllowed(bytes)
            case .addressOnOurHost: unsafe !isPath(bytes)
            default: false
            }
        if isRefused {
            put(UInt8(ascii: "#"))
            return
        }
        for place in bytes.indices {
            let byte = unsafe bytes[place]
            switch byte {
            case _ where escape.keeps(byte): put(byte)
            case UInt8(ascii: "&") where escape != .addressQuery: put("&amp;")
            case UInt8(ascii: "'") where escape != .addressQuery: put("&#39;")
            default:
                put(UInt8(ascii: "%"))
                put(digit(byte >> 4))
                put(digit(byte & 15))
            }
        }
        if !escape.beginsAddress, unsafe bytes.last == UInt8(ascii: ".") { noteDot() }
    }

    private func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }
}

extension Escape {
    var isAddress: Bool {
        switch self {
        case .address, .addressOnOurHost, .addressPath, .addressQuery: true
        case .text, .attribute, .none: false
        }
    }

    /// Whether a value is an address from its beginning.
    var beginsAddress: Bool { self == .address || self == .addressOnOurHost }

    /// Whether a byte of an address needs nothing done to it.
    fileprivate func keeps(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        case UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "("), UInt8(ascii: ")"),
            UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: ";"),
            UInt8(ascii: "="), UInt8(ascii: "@"):
            self != .addressQuery
        // What gives an address its parts counts only where the whole of it is drawn.
        case UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"),
            UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "%"):
            self == .address || self == .addressOnOurHost
        default: false
        }
    }
}

/// A path that begins with one slash. What a browser takes for a slash or takes out is escaped.
private func isPath(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = unsafe bytes.first, first == UInt8(ascii: "/") else { return false }
    return unsafe bytes.count < 2 || bytes[1] != UInt8(ascii: "/")
}

/// An address without a scheme, or with one that only leads somewhere.
private func isAllowed(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var scheme: [UInt8] = []
    for place in bytes.indices {
        let byte = unsafe bytes[place]
        switch byte {
        case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"): return true
        case UInt8(ascii: ":"):
            return Address.schemes.contains(String(decoding: scheme, as: UTF8.self))
        default:
            // Longer than any that is allowed.
            if scheme.count < 16 { scheme.append(lower(byte)) }
        }
    }
    return true
}

/// A text that is known when a template is compiled.
func escaped(_ text: String, as escape: Escape) -> [UInt8] {
    var output = Output(capacity: text.utf8.count * 6)
    output.put(text, as: escape)
    return unsafe Array(output.bytes)
}
