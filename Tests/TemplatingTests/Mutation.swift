import Basics

extension RandomSource {
    func one<Element>(of elements: [Element]) -> Element {
        elements[number(below: elements.count)]
    }

    /// A few bytes changed, put in, taken out, doubled or cut off.
    func mutated(_ bytes: [UInt8]) -> [UInt8] {
        let telling = Array("{}%#-\"'\\<>/=!&|.(),:;? \n\u{0}é".utf8)
        var bytes = bytes
        for _ in 0...number(below: 6) {
            let at = number(below: bytes.count + 1)
            let end = min(bytes.count, at + number(below: 13))
            switch number(below: 6) {
            case 0: bytes.insert(one(of: telling), at: at)
            case 1: bytes.insert(UInt8(truncatingIfNeeded: word()), at: at)
            case 2: bytes.removeSubrange(at..<end)
            case 3: bytes.insert(contentsOf: bytes[at..<end], at: at)
            case 4: bytes.insert(contentsOf: bytes[at..<end], at: bytes.count / 2)
            default: if number(below: 8) == 0 { bytes.removeSubrange(at...) }
            }
        }
        return bytes
    }
}
