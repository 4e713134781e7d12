import Glibc

/// One address, or all that begin alike: "10.1.2.3", "10.0.0.0/8", "fd00::/8".
package struct AddressRange: Hashable, Sendable {
    private let bytes: [UInt8]
    private let bits: Int

    /// Nil for what is no address.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let bytes = Self.bytes(String(parts[0])) else { return nil }
        self.bytes = bytes
        guard parts.count == 2 else {
            bits = bytes.count * 8
            return
        }
        guard let bits = Int(parts[1]), (0...bytes.count * 8).contains(bits) else { return nil }
        self.bits = bits
    }

    package func contains(_ address: String) -> Bool {
        guard let other = Self.bytes(address), other.count == bytes.count else { return false }
        let whole = bits / 8
        guard bytes.prefix(whole) == other.prefix(whole) else { return false }
        let rest = bits % 8
        guard rest > 0 else { return true }
        let mask = UInt8(truncatingIfNeeded: 0xFF << (8 - rest))
        return bytes[whole] & mask == other[whole] & mask
    }

    /// What one household or office holds: an IPv4 address, or the first 64 bits of an IPv6
    /// address, since whoever has one of those has all that begin alike.
    package static func network(of address: String) -> [UInt8] {
        guard let bytes = bytes(address) else { return Array(address.utf8) }
        return Array(bytes.prefix(bytes.count == 16 ? 8 : 4))
    }

    /// An IPv4 address that came over IPv6 is the IPv4 address.
    private static func bytes(_ text: String) -> [UInt8]? {
        var four = [UInt8](repeating: 0, count: 4)
        if unsafe inet_pton(AF_INET, text, &four) == 1 { return four }
        var sixteen = [UInt8](repeating: 0, count: 16)
        guard unsafe inet_pton(AF_INET6, text, &sixteen) == 1 else { return nil }
        let isMapped =
            sixteen.prefix(10).allSatisfy { $0 == 0 } && sixteen[10] == 0xFF && sixteen[11] == 0xFF
        return isMapped ? Array(sixteen.suffix(4)) : sixteen
    }
}

extension [AddressRange] {
    func contain(_ address: String) -> Bool {
        !isEmpty && contains { $0.contains(address) }
    }
}

/// The client as trusted proxies tell of it: the last address in the list that is not a trusted
/// proxy itself, since whoever stands before it may have written anything.
enum Forwarded {
    static func client(
        _ headers: HTTPHeaders,
        else address: String,
        trusted: [AddressRange]
    ) -> String {
        walk(headers, else: address, trusted: trusted).client
    }

    /// Whether the client came over TLS: the word of the proxy that it spoke with. Proxies that add
    /// to both lists say in the same place of each what they say of the same hop.
    static func isSecure(_ headers: HTTPHeaders, trusted: [AddressRange]) -> Bool {
        guard let field = headers["x-forwarded-proto"] else { return false }
        let words = parts(field)
        let place = min(walk(headers, else: "", trusted: trusted).place, words.count - 1)
        return place >= 0 && words[place].lowercased() == "https"
    }

    /// Also how many trusted proxies come after the client in the list.
    private static func walk(
        _ headers: HTTPHeaders,
        else address: String,
        trusted: [AddressRange]
    ) -> (client: String, place: Int) {
        guard let field = headers["x-forwarded-for"] else { return (address, 0) }
        var last = (client: address, place: 0)
        for (place, text) in parts(field).enumerated() {
            guard AddressRange(text) != nil, !text.contains("/") else { return last }
            last = (text, place)
            if !trusted.contain(text) { return last }
        }
        return last
    }

    /// The last first.
    private static func parts(_ field: String) -> [String] {
        field.split(separator: ",").reversed().map { part in
            String(part.filter { $0 != " " && $0 != "\t" })
        }
    }
}
