/// Reads a drawn page as a browser does, after the tokenizer of the WHATWG's HTML standard, and judges
/// whether a value has become more than a value. It shares nothing with what compiles templates.
struct BrowserReader {
    private let bytes: [UInt8]
    private var at = 0
    private var pieces: [Piece] = []

    enum Piece {
        case startTag(name: String, attributes: [(name: String, value: String)])
        case endTag(name: String, attributes: [(name: String, value: String)])
        case comment(String)
        /// Text inside an element that holds no tags.
        case raw(String, inside: String)
    }

    static func pieces(_ page: [UInt8]) -> [Piece] {
        var reader = BrowserReader(bytes: page)
        reader.read()
        return reader.pieces
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private func byte(_ offset: Int = 0) -> UInt8? {
        at + offset < bytes.count ? bytes[at + offset] : nil
    }

    private func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    private func comes(_ wanted: String) -> Bool {
        let wanted = Array(wanted.utf8)
        guard at + wanted.count <= bytes.count else { return false }
        return zip(bytes[at...], wanted).allSatisfy { lower($0) == $1 }
    }

    // MARK: Data

    private mutating func read() {
        while let next = byte() {
            guard next == UInt8(ascii: "<") else {
                at += 1
                continue
            }
            let second = byte(1)
            if let second, isLetter(second) {
                at += 1
                startTag()
            } else if second == UInt8(ascii: "/"), let third = byte(2) {
                at += 2
                if isLetter(third) {
                    if let (name, attributes) = tag() {
                        pieces.append(.endTag(name: name, attributes: attributes))
                    }
                } else if third == UInt8(ascii: ">") {
                    at += 1
                } else {
                    bogusComment()
                }
            } else if comes("<!--") {
                at += 4
                comment()
            } else if second == UInt8(ascii: "!") || second == UInt8(ascii: "?") {
                at += 1
                bogusComment()
            } else {
                at += 1
            }
        }
    }

    private mutating func bogusComment() {
        let start = at
        while let next = byte(), next != UInt8(ascii: ">") { at += 1 }
        pieces.append(.comment(text(start..<at)))
        at = min(at + 1, bytes.count)
    }

    private mutating func comment() {
        let start = at
        if comes(">") || comes("->") {
            at += comes(">") ? 1 : 2
            return
        }
        while at < bytes.count, !comes("-->"), !comes("--!>") { at += 1 }
        pieces.append(.comment(text(start..<at)))
        at = min(at + (comes("-->") ? 3 : 4), bytes.count)
    }

    // MARK: Tags

    private mutating func startTag() {
        guard let (name, attributes) = tag() else { return }
        pieces.append(.startTag(name: name, attributes: attributes))
        switch name {
        case "title", "textarea": raw(name, isJudged: false)
        case "style", "xmp", "iframe", "noembed", "noframes", "noscript": raw(name)
        case "script": script()
        case "plaintext": at = bytes.count
        default: break
        }
    }

    /// From its name to behind its end; nothing when the page ends inside it.
    private mutating func tag() -> (String, [(name: String, value: String)])? {
        var name: [UInt8] = []
        while let next = byte(), !isSpace(next), next != UInt8(ascii: "/"),
            next != UInt8(ascii: ">")
        {
            name.append(lower(next))
            at += 1
        }
        var attributes: [(name: String, value: String)] = []
        while let next = byte() {
            if next == UInt8(ascii: ">") {
                at += 1
                return (String(decoding: name, as: UTF8.self), attributes)
            }
            if isSpace(next) || next == UInt8(ascii: "/") {
                at += 1
            } else {
                attributes.append((attributeName(), attributeValue()))
            }
        }
        return nil
    }

    private mutating func attributeName() -> String {
        var name = byte().map { [lower($0)] } ?? []
        at += 1
        while let next = byte(), !isSpace(next), next != UInt8(ascii: "/"),
            next != UInt8(ascii: ">"), next != UInt8(ascii: "=")
        {
            name.append(lower(next))
            at += 1
        }
        return String(decoding: name, as: UTF8.self)
    }

    private mutating func attributeValue() -> String {
        let start = at
        while let next = byte(), isSpace(next) { at += 1 }
        guard byte() == UInt8(ascii: "=") else {
            at = start
            return ""
        }
        at += 1
        while let next = byte(), isSpace(next) { at += 1 }
        guard let first = byte() else { return "" }
        if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
            at += 1
            let inside = at
            while let next = byte(), next != first { at += 1 }
            defer { at = min(at + 1, bytes.count) }
            return unescaped(text(inside..<at))
        }
        let inside = at
        while let next = byte(), !isSpace(next), next != UInt8(ascii: ">") { at += 1 }
        return unescaped(text(inside..<at))
    }

    // MARK: Elements without tags

    private func endsElement(_ name: String) -> Bool {
        guard comes("</\(name)"), let after = byte(2 + name.utf8.count) else { return false }
        return isSpace(after) || after == UInt8(ascii: "/") || after == UInt8(ascii: ">")
    }

    private mutating func raw(_ name: String, isJudged: Bool = true) {
        let start = at
        while at < bytes.count, !endsElement(name) { at += 1 }
        if isJudged { pieces.append(.raw(text(start..<at), inside: name)) }
    }

    /// Behind `<!--` a script may hold another, whose end tag does not end it.
    private mutating func script() {
        let start = at
        var isEscaped = false
        var isTwiceEscaped = false
        while at < bytes.count {
            if !isEscaped, comes("<!--") {
                isEscaped = true
                at += 4
                // The dashes that begin it may end it.
                if comes(">") || comes("->") { isEscaped = false }
                continue
            }
            if isEscaped, comes("-->") {
                isEscaped = false
                isTwiceEscaped = false
            } else if isTwiceEscaped, endsElement("script") {
                isTwiceEscaped = false
            } else if !isTwiceEscaped, endsElement("script") {
                break
            } else if isEscaped, !isTwiceEscaped, comes("<script"), let after = byte(7),
                isSpace(after) || after == UInt8(ascii: "/") || after == UInt8(ascii: ">")
            {
                isTwiceEscaped = true
            }
            at += 1
        }
        pieces.append(.raw(text(start..<at), inside: "script"))
    }
}

// MARK: Judging

extension BrowserReader {
    /// Throws when the mark, which only values hold, stands where it could do something.
    static func judge(_ page: [UInt8], mark: String) throws(Broken) {
        let whole = String(decoding: page, as: UTF8.self)
        for piece in pieces(page) {
            switch piece {
            case .comment(let text):
                try hold(!text.contains(mark), "a value stands in a comment: \(whole)")
            case .raw(let text, let name):
                try hold(!text.contains(mark), "a value stands in <\(name)>: \(whole)")
            case .startTag(let name, let attributes), .endTag(let name, let attributes):
                try hold(!name.contains(mark), "a value is a tag: \(whole)")
                for (attribute, value) in attributes {
                    try judge(attribute, value, of: name, mark: mark, whole)
                }
            }
        }
    }

    private static func judge(
        _ name: String,
        _ value: String,
        of element: String,
        mark: String,
        _ page: String
    ) throws(Broken) {
        try hold(!name.contains(mark), "a value is an attribute: \(page)")
        let runs = name.hasPrefix("on") || name == "style" || name == "srcdoc"
        try hold(!runs || value.isEmpty, "\(name) runs what it holds: \(page)")
        let addresses = [
            "href", "xlink:href", "src", "action", "formaction", "data", "code", "codebase",
            "cite", "poster", "background",
        ]
        guard addresses.contains(name) else { return }
        let address = cleaned(value)
        let scheme = scheme(of: address)
        try hold(
            scheme != "javascript" && scheme != "vbscript",
            "\(name) runs a script: \(page)"
        )
        try hold(
            scheme != "data" || !value.contains(mark),
            "a value is a page of its own in \(name): \(page)"
        )
        let fetches = ["script", "base", "link", "iframe", "frame", "object", "embed", "applet"]
        guard fetches.contains(element) else { return }
        let rest = scheme.map { address.dropFirst($0.count + 1) } ?? address[...]
        let isForeign = scheme != nil || rest.hasPrefix("//")
        try hold(!isForeign || !rest.contains(mark), "a value leads elsewhere: \(page)")
    }

    /// As the URL standard reads an address.
    private static func cleaned(_ value: String) -> String {
        var scalars = value.unicodeScalars.drop { $0.value <= 0x20 }
        scalars.removeAll { $0 == "\t" || $0 == "\n" || $0 == "\r" }
        return String(String.UnicodeScalarView(scalars)).replacing("\\", with: "/")
    }

    private static func scheme(of address: String) -> String? {
        guard let colon = address.firstIndex(of: ":"), let first = address.utf8.first,
            isLetter(first)
        else { return nil }
        let scheme = address[..<colon].lowercased()
        let isScheme = scheme.utf8.allSatisfy {
            isLetter($0) || (0x30...0x39).contains($0) || "+-.".utf8.contains($0)
        }
        return isScheme ? scheme : nil
    }
}

/// With the references that could hide a part of an address.
private func unescaped(_ text: String) -> String {
    let names: [String: Unicode.Scalar] = [
        "colon": ":", "Tab": "\t", "NewLine": "\n", "sol": "/", "bsol": "\\", "amp": "&",
        "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "num": "#", "quest": "?", "period": ".",
        "lpar": "(", "rpar": ")", "plus": "+",
    ]
    var result = String.UnicodeScalarView()
    var rest = text.unicodeScalars[...]
    while let first = rest.popFirst() {
        guard first == "&" else {
            result.append(first)
            continue
        }
        let word = rest.prefix {
            $0.isASCII && ($0.properties.isAlphabetic || $0 == "#" || isDigit($0))
        }
        let name = String(String.UnicodeScalarView(word))
        var scalar = names[name]
        var length = word.count
        if name.hasPrefix("#") {
            let isHex = name.dropFirst().lowercased().hasPrefix("x")
            let start = isHex ? 2 : 1
            let digits = name.dropFirst(start).prefix { $0.isHexDigit && (isHex || $0.isNumber) }
            scalar = UInt32(digits, radix: isHex ? 16 : 10).flatMap(Unicode.Scalar.init)
            length = start + digits.count
        }
        guard let scalar else {
            result.append(first)
            continue
        }
        result.append(scalar)
        rest = rest.dropFirst(length)
        if rest.first == ";" { rest.removeFirst() }
    }
    return String(result)
}

private func isDigit(_ scalar: Unicode.Scalar) -> Bool { (0x30...0x39).contains(scalar.value) }

private func isSpace(_ byte: UInt8) -> Bool {
    [0x09, 0x0A, 0x0C, 0x0D, 0x20].contains(byte)
}

private func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(lower(byte)) }

private func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
