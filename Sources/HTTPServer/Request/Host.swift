import Glibc

/// The name by which a client reached us: a registered name or an address, and maybe a port.
package enum Host {
    /// In lower case; nil if it is none. An empty port is as good as none (RFC 3986, 6.2.3).
    static func read(_ bytes: ArraySlice<UInt8>) -> String? {
        guard isValid(bytes) else { return nil }
        let named = bytes.last == 0x3A ? bytes.dropLast() : bytes
        let hasCapital = named.contains { $0 &- 0x41 < 26 }
        return String(decoding: hasCapital ? named.map(asciiLowercased)[...] : named, as: UTF8.self)
    }

    /// Whether both are one place, where a port that is not told is the scheme's own.
    package static func areSame(_ one: String, _ other: String, defaultPort: String) -> Bool {
        if one == other { return true }
        let port = ":" + defaultPort
        return one == other + port || other == one + port
    }

    static func isValid(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first, bytes.count <= 255 else { return false }
        if first == 0x5B {
            guard let close = bytes.firstIndex(of: 0x5D),
                isAddress(bytes[(bytes.startIndex + 1)..<close])
            else { return false }
            let rest = bytes[(close + 1)...]
            return rest.isEmpty || rest.first == 0x3A && isPort(rest.dropFirst())
        }
        var before: UInt8 = 0x2E
        var place = bytes.startIndex
        while place < bytes.endIndex, bytes[place] != 0x3A {
            let byte = bytes[place]
            // No name begins with a dot or a dash, and no two dots stand together.
            guard isNameByte(byte), byte != 0x2E || before != 0x2E else { return false }
            before = byte
            place += 1
        }
        guard place > bytes.startIndex, first != 0x2D else { return false }
        return place == bytes.endIndex || isPort(bytes[(place + 1)...])
    }

    private static func isPort(_ digits: ArraySlice<UInt8>) -> Bool {
        guard digits.count <= 5, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return false
        }
        let port = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return digits.isEmpty || (1...65535).contains(port)
    }

    @inline(__always)
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
    }

    /// Of IPv6.
    private static func isAddress(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.allSatisfy(isAddressByte) else { return false }
        var address = in6_addr()
        return unsafe inet_pton(AF_INET6, String(decoding: bytes, as: UTF8.self), &address) == 1
    }

    private static func isAddressByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66, 0x3A, 0x2E: true
        default: false
        }
    }
}
