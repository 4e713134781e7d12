/// The tags that a condition names (RFC 9110, 8.8.3 and 13.1).
enum EntityTags: Equatable {
    struct Tag: Equatable {
        var isWeak = false
        /// Between the quotes.
        let text: String
    }

    /// Whatever there is.
    case any
    case these([Tag])

    /// Nil for what is no list of tags: no file meets such a condition.
    init?(_ field: String) {
        var rest = Array(field.utf8)[...]
        if trimmed(rest).elementsEqual([0x2A]) {
            self = .any
            return
        }
        var tags: [Tag] = []
        while true {
            // Empty parts of a list count for nothing.
            rest = rest.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x2C }
            if rest.isEmpty { break }
            guard let tag = Self.take(&rest) else { return nil }
            tags.append(tag)
            rest = rest.drop { $0 == 0x20 || $0 == 0x09 }
            guard rest.isEmpty || rest.first == 0x2C else { return nil }
        }
        self = .these(tags)
    }

    private static func take(_ rest: inout ArraySlice<UInt8>) -> Tag? {
        let isWeak = rest.starts(with: [0x57, 0x2F])
        if isWeak { rest.removeFirst(2) }
        guard rest.popFirst() == 0x22 else { return nil }
        let text = rest.prefix { $0 == 0x21 || $0 > 0x22 && $0 != 0x7F }
        rest = rest[text.endIndex...]
        guard rest.popFirst() == 0x22 else { return nil }
        return Tag(isWeak: isWeak, text: String(decoding: text, as: UTF8.self))
    }

    /// For what must be the same byte by byte.
    func holdsStrongly(_ text: String) -> Bool {
        switch self {
        case .any: true
        case .these(let tags): tags.contains(Tag(text: text))
        }
    }

    /// For what must mean the same.
    func holds(_ text: String) -> Bool {
        switch self {
        case .any: true
        case .these(let tags): tags.contains { $0.text == text }
        }
    }
}
