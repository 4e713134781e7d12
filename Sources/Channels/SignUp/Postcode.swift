/// A British postcode, in its usual spelling: "HX7 8AA". Its shape is checked, not whether the
/// post knows it.
struct Postcode: Hashable, Sendable {
    let text: String

    /// Blanks and letter case do not matter.
    init?(_ typed: String) {
        let letters = Array(typed.uppercased().utf8.filter { $0 != 0x20 })
        guard (5...7).contains(letters.count) else { return nil }
        let inward = letters.suffix(3)
        let outward = letters.dropLast(3)
        guard Postcode.isInward(inward), Postcode.isOutward(outward) else { return nil }
        text =
            String(decoding: outward, as: UTF8.self) + " "
            + String(decoding: inward, as: UTF8.self)
    }

    /// Whether it lies in one of the areas: "HX" takes HX1 to HX99, "OL14" only itself.
    func isIn(_ areas: [String]) -> Bool {
        let outward = text.prefix { $0 != " " }
        return areas.contains { area in
            guard outward.hasPrefix(area) else { return false }
            let rest = outward.dropFirst(area.count)
            let areaHasDigit = area.contains { $0.isNumber }
            return areaHasDigit ? rest.isEmpty : rest.first?.isNumber == true
        }
    }

    private static func isInward(_ letters: ArraySlice<UInt8>) -> Bool {
        guard let first = letters.first else { return false }
        return isDigit(first) && letters.dropFirst().allSatisfy(isLetter)
    }

    /// One or two letters, a digit, and possibly one more digit or letter.
    private static func isOutward(_ letters: ArraySlice<UInt8>) -> Bool {
        let head = letters.prefix(while: isLetter)
        let tail = letters.dropFirst(head.count)
        guard (1...2).contains(head.count), let digit = tail.first, isDigit(digit) else {
            return false
        }
        return tail.count <= 2 && tail.allSatisfy { isDigit($0) || isLetter($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
}
