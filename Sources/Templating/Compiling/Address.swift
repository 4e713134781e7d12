/// How far an address in an attribute has got, which decides what a value may add to it.
///
/// As long as a scheme is possible, a value and what follows it are kept from becoming one; and
/// where a browser runs what it fetches, from leading to another host.
enum Address: Hashable {
    case start
    /// What is written so far, while it may yet be a scheme.
    case scheme([UInt8])
    /// A value has been drawn where a scheme may still stand.
    case drawn
    /// After branches that end in different parts of an address.
    case branched
    /// After the first slash of an address that must stay on our host: a second would name one.
    case root(drawn: Bool)
    /// After a value that is the whole path of an address that must stay on our host.
    case whole
    case path
    case query
    /// Of a scheme or host that a value must not be drawn into.
    case foreign

    static let schemes: Set<String> = ["http", "https", "mailto", "tel"]

    /// How to escape what is drawn here, or why nothing may be. Moves past the place.
    mutating func draw(onOurHost: Bool) -> Result<Escape, HTMLContext.Reason> {
        switch self {
        case .start:
            self = onOurHost ? .whole : .drawn
            return .success(onOurHost ? .addressOnOurHost : .address)
        case .scheme, .drawn:
            self = .drawn
            return .success(.addressPath)
        case .root:
            self = .root(drawn: true)
            return .success(.addressPath)
        case .path: return .success(.addressPath)
        case .query: return .success(.addressQuery)
        case .branched, .whole, .foreign:
            let message =
                onOurHost
                ? "nothing can be drawn here, since it could lead to another host: begin the "
                    + "address with a path, or put the whole of it into one value"
                : "put the whole address into one value: what stands before is not sure"
            // Of the rest of it nothing more is said.
            self = .query
            return .failure(HTMLContext.Reason(message: message))
        }
    }

    /// One byte as it is written, or what is wrong with it.
    mutating func read(_ byte: UInt8, onOurHost: Bool) -> String? {
        // A browser takes these out of an address before it looks at it.
        if byte == 0x09 || byte == 0x0A || byte == 0x0D { return nil }
        switch self {
        case .query, .foreign: break
        case .path:
            if [UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "&")].contains(byte) {
                self = .query
            }
        case .whole:
            guard byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#") else {
                return "put the whole path into one value: with more behind it, it could lead to "
                    + "another host"
            }
            self = .query
        case .start, .scheme, .drawn, .branched, .root:
            return readBeginning(byte, onOurHost)
        }
        return nil
    }

    private mutating func readBeginning(_ byte: UInt8, _ onOurHost: Bool) -> String? {
        switch byte {
        case UInt8(ascii: "?"), UInt8(ascii: "#"): self = .query
        case UInt8(ascii: "&"):
            return "an entity could hide what this address is: begin it with a path"
        // A browser reads one as the other.
        case UInt8(ascii: "/"), UInt8(ascii: "\\"): return readSlash(onOurHost)
        case UInt8(ascii: ":"): return readColon(onOurHost)
        default:
            switch self {
            case .start: if byte > 0x20 { self = .scheme([lower(byte)]) }
            case .scheme(let scheme):
                if scheme.count < 16 { self = .scheme(scheme + [lower(byte)]) }
            case .root: self = .path
            default: break
            }
        }
        return nil
    }

    private mutating func readSlash(_ onOurHost: Bool) -> String? {
        switch self {
        case .start: self = onOurHost ? .root(drawn: false) : .path
        case .root(drawn: false): self = .foreign
        case .root(drawn: true):
            return "if this value is empty, two slashes lead to another host: write something "
                + "between them"
        case .branched where onOurHost:
            return "this slash could be the second of two, which lead to another host: write the "
                + "whole path inside each branch"
        // In a query of one of the branches it is part of that.
        case .branched: self = .query
        default: self = .path
        }
        return nil
    }

    private mutating func readColon(_ onOurHost: Bool) -> String? {
        switch self {
        case .drawn, .branched:
            return "a value before this “:” could make it an address that runs a script: put the "
                + "whole address into one value"
        case .scheme(let scheme):
            let text = String(decoding: scheme, as: UTF8.self)
            if text == "javascript" || text == "vbscript" {
                return "“\(text):” would run a script: put it in a file of its own"
            }
            self = Address.schemes.contains(text) && !onOurHost ? .path : .foreign
        case .root: self = .path
        default: self = .foreign
        }
        return nil
    }

    /// How far it has got when it may have come either way; nil when that cannot be followed.
    func joined(with other: Address) -> Address? {
        if self == other { return self }
        if self == .foreign || other == .foreign { return nil }
        let arePast = [self, other].allSatisfy { $0 == .path || $0 == .query }
        return arePast ? .query : .branched
    }
}
