/// One range of bytes, as a Range field asks for it (RFC 9110, 14.1.2).
enum ByteRange: Equatable {
    case range(Range<Int>)
    /// Nothing of the file lies in it.
    case beyond
    /// Not a range in bytes: the field does not count.
    case ignored

    static func read(_ field: String, of count: Int) -> ByteRange {
        guard field.hasPrefix("bytes=") else { return .ignored }
        let parts = field.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2,
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
        else { return .ignored }
        switch (number(parts[0]), number(parts[1])) {
        case (let first?, let last?):
            guard first <= last else { return .ignored }
            return first < count ? .range(first..<min(last, count - 1) + 1) : .beyond
        case (let first?, nil):
            return first < count ? .range(first..<count) : .beyond
        case (nil, let length?):
            return length == 0 || count == 0 ? .beyond : .range(max(0, count - length)..<count)
        case (nil, nil): return .ignored
        }
    }

    /// More digits than a number holds lie past the end of any file.
    private static func number(_ digits: Substring) -> Int? {
        digits.isEmpty ? nil : Int(digits) ?? .max
    }
}
