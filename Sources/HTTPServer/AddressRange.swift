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

/// The client's address as trusted proxies tell it: the last one in the list that is not a
/// trusted proxy itself, since whoever stands before it may have written anything.
enum Forwarded {
    static func client(
        _ headers: HTTPHeaders,
        else address: String,
        trusted: [AddressRange]
    ) -> String {
        guard let field = headers["x-forwarded-for"] else { return address }
        var last = address
        for part in field.split(separator: ",").reversed() {
            let text = String(part.filter { $0 != " " && $0 != "\t" })
            guard AddressRange(text) != nil, !text.contains("/") else { return last }
            last = text
            if !trusted.contain(text) { return text }
        }
        return last
    }
}
