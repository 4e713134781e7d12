/// Which ways of writing an answer a client takes, and which it would rather have: an
/// Accept-Encoding field (RFC 9110, 12.5.3), of which we write two.
struct AcceptedCodings: Equatable {
    enum Coding {
        case gzip
        /// As it is.
        case identity
    }

    /// The better first; never empty, since what a client takes at all is better than nothing.
    let inOrder: [Coding]

    var prefersGzip: Bool { inOrder[0] == .gzip }

    /// In thousandths.
    private struct Weights {
        var gzip: Int?
        var identity: Int?
        var others: Int?
    }

    init(_ field: String?) {
        var weights = Weights()
        for part in Array((field ?? "").utf8).split(separator: 0x2C) {
            let words = part.split(separator: 0x3B).map(trimmed).filter { !$0.isEmpty }
            guard let name = words.first, let weight = Self.weight(words.dropFirst()) else {
                continue
            }
            if isWord(name, "gzip") || isWord(name, "x-gzip") {
                weights.gzip = min(weight, weights.gzip ?? weight)
            } else if isWord(name, "identity") {
                weights.identity = min(weight, weights.identity ?? weight)
            } else if isWord(name, "*") {
                weights.others = min(weight, weights.others ?? weight)
            }
        }
        let gzip = weights.gzip ?? weights.others ?? 0
        let identity = weights.identity ?? weights.others
        if gzip == 0 {
            inOrder = [.identity]
        } else if identity == 0 {
            inOrder = [.gzip]
        } else {
            // What it is not asked for by name is taken, but nobody's first wish.
            inOrder = gzip >= identity ?? 0 ? [.gzip, .identity] : [.identity, .gzip]
        }
    }

    /// What follows a name: nothing, or one `q=` with up to three digits after its point. Nil for
    /// anything else.
    private static func weight(_ words: ArraySlice<ArraySlice<UInt8>>) -> Int? {
        guard let word = words.first else { return 1000 }
        guard words.count == 1, isWord(word.prefix(2), "q=") else { return nil }
        let digits = word.dropFirst(2)
        guard let whole = digits.first, whole == 0x30 || whole == 0x31, digits.count <= 5 else {
            return nil
        }
        guard digits.count > 1 else { return whole == 0x31 ? 1000 : 0 }
        let rest = digits.dropFirst(2)
        guard digits[digits.startIndex + 1] == 0x2E, rest.allSatisfy({ $0 &- 0x30 < 10 }) else {
            return nil
        }
        var parts = rest.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        for _ in rest.count..<3 { parts *= 10 }
        let weight = (whole == 0x31 ? 1000 : 0) + parts
        return weight <= 1000 ? weight : nil
    }
}
