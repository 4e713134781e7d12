/// The name a community is reached at, which is its folder's: letters, digits and dashes in lower
/// case, with single dots between. So no name leads out of the folder that holds it.
enum HostName {
    static func isOne(_ text: some StringProtocol) -> Bool {
        guard (1...253).contains(text.utf8.count) else { return false }
        return text.utf8.split(separator: 0x2E, omittingEmptySubsequences: false).allSatisfy {
            (1...63).contains($0.count) && $0.first != 0x2D && $0.last != 0x2D
                && $0.allSatisfy(mayStand)
        }
    }

    /// Of what a request names: "kith.example:8080" is at "kith.example". So is "kith.example.", as
    /// names are written that are whole.
    static func withoutPort(_ host: String) -> String {
        var name = host[...]
        if let colon = name.utf8.lastIndex(of: 0x3A) { name = name[..<colon] }
        if name.utf8.last == 0x2E { name.removeLast() }
        return String(name)
    }

    private static func mayStand(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D
    }
}
