import FoundationEssentials

/// When a place's clocks were and will be how far from UTC: one file of the system's time zone
/// data (RFC 9636, "TZif"). Foundation's own needs a library of 40 MB that is missing from a
/// program that carries Swift's library in itself, and it is asked for every time of day drawn.
struct ZoneFile: Sendable {
    /// Where systems keep them.
    static let folder = "/usr/share/zoneinfo"

    /// Seconds since 1970 at which another offset begins, ascending, and which.
    private let changes: [(at: Int64, offset: Int64)]
    /// Seconds east of UTC before the first change.
    private let first: Int64
    /// What holds after the last change.
    private let rule: ZoneRule?

    /// Nil if there is no such file, or it is not one.
    init?(named name: String) {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let isName = parts.allSatisfy { part in
            !part.isEmpty && part.utf8.first != UInt8(ascii: ".")
        }
        guard isName, let data = FileManager.default.contents(atPath: "\(Self.folder)/\(name)")
        else { return nil }
        self.init([UInt8](data))
    }

    init?(_ bytes: [UInt8]) {
        var reader = Reader(rest: bytes[...])
        // The first block is for readers that know four-byte times only.
        guard let old = reader.counts(), old.version >= UInt8(ascii: "2"),
            reader.skip(old.length(ofTime: 4)), let counts = reader.counts(), counts.types > 0,
            reader.rest.count >= counts.length(ofTime: 8)
        else { return nil }
        let times = (0..<counts.times).map { _ in Int64(bitPattern: reader.number(8)) }
        let kinds = (0..<counts.times).map { _ in Int(reader.number(1)) }
        let offsets = (0..<counts.types).map { _ in
            let offset = Int64(Int32(truncatingIfNeeded: reader.number(4)))
            _ = reader.skip(2)
            return offset
        }
        guard reader.skip(counts.afterTypes), kinds.allSatisfy({ $0 < offsets.count }),
            zip(times, times.dropFirst()).allSatisfy(<)
        else { return nil }
        changes = zip(times, kinds).map { ($0, offsets[$1]) }
        first = offsets[0]
        let footer = reader.rest.drop { $0 == UInt8(ascii: "\n") }
            .prefix { $0 != UInt8(ascii: "\n") }
        rule = ZoneRule(String(decoding: footer, as: UTF8.self))
        guard rule != nil || footer.isEmpty else { return nil }
    }

    /// Seconds east of UTC at that second since 1970.
    func offset(at seconds: Int64) -> Int64 {
        guard let last = changes.last else { return rule?.offset(at: seconds) ?? first }
        if seconds >= last.at { return rule?.offset(at: seconds) ?? last.offset }
        var low = 0
        var high = changes.count
        while low < high {
            let middle = (low + high) / 2
            if changes[middle].at <= seconds { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? first : changes[low - 1].offset
    }
}

private struct Reader {
    var rest: ArraySlice<UInt8>

    struct Counts {
        let version: UInt8
        let times: Int
        let types: Int
        private let letters: Int
        private let leaps: Int
        private let flags: Int

        init(version: UInt8, _ six: [Int]) {
            self.version = version
            (times, types, letters, leaps) = (six[3], six[4], six[5], six[2])
            flags = six[0] + six[1]
        }

        func length(ofTime bytes: Int) -> Int {
            times * (bytes + 1) + types * 6 + letters + leaps * (bytes + 4) + flags
        }

        var afterTypes: Int { letters + leaps * 12 + flags }
    }

    mutating func counts() -> Counts? {
        guard rest.count >= 44, rest.starts(with: "TZif".utf8) else { return nil }
        let version = rest[rest.startIndex + 4]
        rest = rest.dropFirst(20)
        let six = (0..<6).map { _ in Int(number(4)) }
        return Counts(version: version, six)
    }

    /// Big-endian.
    mutating func number(_ bytes: Int) -> UInt64 {
        defer { rest = rest.dropFirst(bytes) }
        return rest.prefix(bytes).reduce(0) { $0 << 8 | UInt64($1) }
    }

    mutating func skip(_ count: Int) -> Bool {
        guard rest.count >= count else { return false }
        rest = rest.dropFirst(count)
        return true
    }
}
