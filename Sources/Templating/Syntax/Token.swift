/// A template cut into text and tags.
struct Token {
    enum Kind {
        case text
        /// `{{ … }}`
        case draw
        /// `{% … %}`
        case tag
        case comment
    }

    let kind: Kind
    /// Of text, what is left of it to draw; of a comment, what it says.
    var range: Range<Int>
    /// Where the opening brace stands.
    let offset: Int
    var symbols: [Symbol] = []
}

/// A word of a tag's inside.
struct Symbol {
    enum Kind: Equatable {
        case name(String)
        case text(String)
        case number(Int)
        /// One of `. , ( ) = == != |`
        case mark(String)
    }

    let kind: Kind
    let offset: Int
}

/// Cuts a source into tokens. It reads each byte once, whatever the bytes are.
struct Tokenizer {
    private let source: Source
    private var at = 0
    private var tokens: [Token] = []
    private var trimNext = false
    private(set) var problems: [Problem] = []

    init(_ source: Source) {
        self.source = source
    }

    mutating func cut() -> [Token] {
        let bytes = source.bytes
        var textStart = 0
        while at < bytes.count {
            guard bytes[at] == brace, at + 1 < bytes.count,
                let kind = kind(of: bytes[at + 1])
            else {
                at += 1
                continue
            }
            text(textStart..<at, trimEnd: byte(at + 2) == dash)
            tag(kind)
            textStart = at
        }
        text(textStart..<bytes.count, trimEnd: false)
        dropLinesOfTags()
        return tokens
    }

    private func kind(of byte: UInt8) -> Token.Kind? {
        switch byte {
        case brace: .draw
        case UInt8(ascii: "%"): .tag
        case UInt8(ascii: "#"): .comment
        default: nil
        }
    }

    private func byte(_ offset: Int) -> UInt8 {
        offset < source.bytes.count ? source.bytes[offset] : 0
    }

    private mutating func text(_ range: Range<Int>, trimEnd: Bool) {
        var range = range
        if trimNext {
            while let first = range.first, isSpace(byte(first)) { range.removeFirst() }
            trimNext = false
        }
        if trimEnd {
            while let last = range.last, isSpace(byte(last)) { range.removeLast() }
        }
        guard !range.isEmpty else { return }
        tokens.append(Token(kind: .text, range: range, offset: range.lowerBound))
    }

    private mutating func tag(_ kind: Token.Kind) {
        let start = at
        at += byte(at + 2) == dash ? 3 : 2
        let close: UInt8
        switch kind {
        case .draw: close = UInt8(ascii: "}")
        case .tag: close = UInt8(ascii: "%")
        case .comment, .text: close = UInt8(ascii: "#")
        }
        let inside = at
        var symbols: [Symbol] = []
        while at < source.bytes.count {
            if let end = closing(close) {
                tokens.append(
                    Token(kind: kind, range: inside..<at, offset: start, symbols: symbols)
                )
                at = end
                return
            }
            if kind == .comment {
                at += 1
            } else if isSpace(byte(at)) {
                at += 1
            } else if let symbol = symbol() {
                symbols.append(symbol)
            }
        }
        problem(start, "this tag is never closed")
    }

    /// Where the tag ends, when its end stands here.
    private mutating func closing(_ close: UInt8) -> Int? {
        if byte(at) == close, byte(at + 1) == UInt8(ascii: "}") { return at + 2 }
        if byte(at) == dash, byte(at + 1) == close, byte(at + 2) == UInt8(ascii: "}") {
            trimNext = true
            return at + 3
        }
        return nil
    }

    private mutating func symbol() -> Symbol? {
        let start = at
        let first = byte(at)
        switch first {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            return quoted(first)
        case _ where isDigit(first):
            while isDigit(byte(at)) { at += 1 }
            guard let number = Int(source.text(start..<at)) else {
                problem(start, "this number is too large")
                return Symbol(kind: .number(0), offset: start)
            }
            return Symbol(kind: .number(number), offset: start)
        case _ where beginsName(first):
            while beginsName(byte(at)) || isDigit(byte(at)) { at += 1 }
            return Symbol(kind: .name(source.text(start..<at)), offset: start)
        case UInt8(ascii: "="), UInt8(ascii: "!"):
            let mark = byte(at + 1) == UInt8(ascii: "=") ? 2 : 1
            if first == UInt8(ascii: "!"), mark == 1 { break }
            at += mark
            return Symbol(kind: .mark(source.text(start..<at)), offset: start)
        case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: "("), UInt8(ascii: ")"),
            UInt8(ascii: "|"):
            at += 1
            return Symbol(kind: .mark(source.text(start..<at)), offset: start)
        default: break
        }
        // The whole character is passed over, so that the message shows it.
        at += 1
        while byte(at) & 0xC0 == 0x80 { at += 1 }
        problem(start, "“\(source.text(start..<at))” has no meaning in a tag")
        return nil
    }

    private mutating func quoted(_ quote: UInt8) -> Symbol? {
        let start = at
        var bytes: [UInt8] = []
        at += 1
        while at < source.bytes.count {
            let next = byte(at)
            if next == quote {
                at += 1
                return Symbol(
                    kind: .text(String(decoding: bytes, as: UTF8.self)),
                    offset: start
                )
            }
            if next == UInt8(ascii: "\n") { break }
            let escaped =
                next == UInt8(ascii: "\\") && (byte(at + 1) == quote || byte(at + 1) == next)
            at += escaped ? 1 : 0
            bytes.append(byte(at))
            at += 1
        }
        problem(start, "this text has no closing quotation mark on its line")
        return nil
    }

    private mutating func problem(_ offset: Int, _ message: String) {
        problems.append(source.problem(offset, message))
        if problems.count == Templating.mostProblems { at = source.bytes.count }
    }

    /// A line that holds one tag or comment and white space draws nothing, not even its newline.
    private mutating func dropLinesOfTags() {
        for place in tokens.indices {
            let kind = tokens[place].kind
            guard kind == .tag || kind == .comment else { continue }
            let before = place > 0 ? tokens[place - 1] : nil
            let after = place + 1 < tokens.count ? tokens[place + 1] : nil
            if let before, before.kind != .text { continue }
            if let after, after.kind != .text { continue }
            guard let indent = lineStart(before, place), let rest = lineEnd(after) else { continue }
            if before != nil { tokens[place - 1].range = cut(tokens[place - 1].range, to: indent) }
            if after != nil { tokens[place + 1].range = cut(tokens[place + 1].range, from: rest) }
        }
    }

    /// Where this line begins in the text before, if only white space follows.
    private func lineStart(_ before: Token?, _ place: Int) -> Int? {
        guard let before else { return 0 }
        var start = before.offset
        var end = tokens[place].offset
        // A tag that trims has already taken the white space.
        end = min(end, max(before.range.upperBound, start))
        while end > start {
            let byte = source.bytes[end - 1]
            if byte == UInt8(ascii: "\n") { return end }
            guard byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") else { return nil }
            end -= 1
        }
        start = end
        return place == 1 && start == 0 ? 0 : nil
    }

    /// Where the next line begins in the text after, if only white space stands before it.
    private func lineEnd(_ after: Token?) -> Int? {
        guard let after else { return source.bytes.count }
        var at = after.range.lowerBound
        while at < after.range.upperBound {
            let byte = source.bytes[at]
            if byte == UInt8(ascii: "\n") { return at + 1 }
            guard isBlank(byte) else { return nil }
            at += 1
        }
        return at == source.bytes.count ? at : nil
    }

    private func cut(_ range: Range<Int>, to end: Int) -> Range<Int> {
        range.lowerBound..<max(range.lowerBound, min(range.upperBound, end))
    }

    private func cut(_ range: Range<Int>, from start: Int) -> Range<Int> {
        min(range.upperBound, max(range.lowerBound, start))..<range.upperBound
    }
}

/// Whether a template can write this as a name.
func isName(_ text: some StringProtocol) -> Bool {
    guard let first = text.utf8.first, beginsName(first) else { return false }
    return text.utf8.allSatisfy { beginsName($0) || isDigit($0) }
}

private let brace = UInt8(ascii: "{")
private let dash = UInt8(ascii: "-")

private func beginsName(_ byte: UInt8) -> Bool {
    isLetter(byte) || byte == UInt8(ascii: "_")
}
