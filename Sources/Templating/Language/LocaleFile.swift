import Basics

/// Reads one file of phrases: a flat JSON object of texts, and of objects of plural forms.
///
/// It is read by hand, and not decoded, so that a problem has its line and a key that stands
/// twice is noticed.
struct LocaleFile: Sendable {
    let source: Source
    private let code: String
    private let rules: PluralRules?
    private var at = 0
    private(set) var phrases: [(key: String, text: PhraseText, offset: Int)] = []
    private(set) var problems: [Problem] = []
    /// The phrases that have been told to be wrong.
    private(set) var flawed: Set<String> = []
    /// False when it was not read to its end, so that phrases may be missing that are there.
    private(set) var isWhole = true

    init(_ source: Source, code: String) {
        self.source = source
        self.code = code
        rules = PluralRules(of: code)
    }

    mutating func read() {
        var seen: Set<String> = []
        let complete = members { file, key, offset in
            let known = file.problems.count
            if !seen.insert(key).inserted {
                file.problem(offset, "“\(key)” stands here twice")
            }
            let goesOn = file.phrase(key, offset)
            if file.problems.count > known { file.flawed.insert(key) }
            return goesOn
        }
        space()
        if complete, at < source.bytes.count {
            _ = broken("nothing may follow the closing brace")
        }
    }

    private mutating func phrase(_ key: String, _ offset: Int) -> Bool {
        if byte == UInt8(ascii: "{") {
            var forms: [PluralForm: [PhraseText.Piece]] = [:]
            let complete = members { file, name, offset in
                guard let text = file.string() else { return false }
                guard let rules = file.rules else { return true }
                guard let form = PluralForm(rawValue: name), rules.known.contains(form) else {
                    let names = rules.known.map(\.rawValue).joined(separator: ", ")
                    file.problem(
                        offset,
                        "“\(name)” is no plural form of \(file.code), which has \(names)"
                    )
                    return true
                }
                if forms[form] != nil { file.problem(offset, "“\(name)” stands here twice") }
                forms[form] = file.pieces(text, offset)
                return true
            }
            guard complete else { return false }
            if rules == nil {
                problem(offset, "there are no plural rules for \(code): write them, as for Welsh")
            }
            for form in rules?.required ?? [] where forms[form] == nil {
                problem(offset, "“\(key)” lacks the plural form “\(form.rawValue)”")
            }
            let other = forms.removeValue(forKey: .other) ?? []
            phrases.append((key, .plural(forms, other: other), offset))
            return true
        }
        guard let text = string() else { return false }
        phrases.append((key, .plain(pieces(text, offset)), offset))
        return true
    }

    // MARK: Phrases

    /// Cuts a text at its gaps.
    private mutating func pieces(_ text: String, _ offset: Int) -> [PhraseText.Piece] {
        if text.isEmpty { problem(offset, "this phrase is empty") }
        if hasMarkup(text) {
            problem(offset, "a phrase holds words only: HTML belongs in the template")
        }
        // Most phrases have no gap, and looking for one in bytes is quick.
        let hasGap = text.utf8.contains { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "}") }
        guard hasGap else { return [.text(text)] }
        var pieces: [PhraseText.Piece] = []
        var rest = text[...]
        while let open = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            guard rest[open] == "{", let close = rest[open...].firstIndex(of: "}") else {
                problem(offset, "a brace opens or closes a gap, as in {name}")
                break
            }
            let name = rest[rest.index(after: open)..<close]
            guard isName(name) else {
                problem(offset, "“{\(name)}” is not a gap: a gap is a name in braces, as in {name}")
                break
            }
            if open > rest.startIndex { pieces.append(.text(String(rest[..<open]))) }
            pieces.append(.gap(String(name)))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { pieces.append(.text(String(rest))) }
        return pieces
    }

    private func hasMarkup(_ text: String) -> Bool {
        var last: UInt8 = 0
        var entity = false
        for byte in text.utf8 {
            let isLetter = (0x61...0x7A).contains(byte | 0x20)
            if last == UInt8(ascii: "<"), isLetter || byte == 0x2F || byte == 0x21 { return true }
            if entity, byte == UInt8(ascii: ";"), last != UInt8(ascii: "&") { return true }
            if byte == UInt8(ascii: "&") {
                entity = true
            } else if !isLetter, byte != UInt8(ascii: "#"), !(0x30...0x39).contains(byte) {
                entity = false
            }
            last = byte
        }
        return false
    }

    // MARK: JSON

    private var byte: UInt8 { at < source.bytes.count ? source.bytes[at] : 0 }

    private mutating func space() {
        while byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { at += 1 }
    }

    /// Reads an object, handing over each key and where it stands, ready to read its value. False
    /// when the file cannot be read any further.
    private mutating func members(
        _ member: (inout LocaleFile, _ key: String, _ offset: Int) -> Bool
    ) -> Bool {
        space()
        guard byte == UInt8(ascii: "{") else { return broken("an object, “{”, is missing here") }
        at += 1
        space()
        if byte == UInt8(ascii: "}") {
            at += 1
            return true
        }
        while true {
            space()
            let offset = at
            guard let key = string() else { return false }
            space()
            guard byte == UInt8(ascii: ":") else { return broken("“:” is missing here") }
            at += 1
            space()
            guard member(&self, key, offset) else { return false }
            space()
            let next = byte
            at += 1
            if next == UInt8(ascii: "}") { return true }
            guard next == UInt8(ascii: ",") else {
                at -= 1
                return broken("“,” or “}” is missing here")
            }
        }
    }

    private mutating func string() -> String? {
        guard byte == UInt8(ascii: "\"") else {
            _ = broken("a text in double quotation marks is missing here")
            return nil
        }
        let start = at
        at += 1
        var bytes: [UInt8] = []
        while at < source.bytes.count {
            // Most texts are one such stretch.
            let plain = source.bytes[at...].prefix { $0 != 0x22 && $0 != 0x5C && $0 >= 0x20 }
            bytes += plain
            at = plain.endIndex
            let next = byte
            at += 1
            switch next {
            case UInt8(ascii: "\""):
                if let text = String(validating: bytes, as: UTF8.self) { return text }
                at = start
                _ = broken("this text is not UTF-8")
                return nil
            case UInt8(ascii: "\\"):
                guard let scalar = escaped() else {
                    _ = broken("this escape is not JSON")
                    return nil
                }
                bytes.append(contentsOf: Array(String(Character(scalar)).utf8))
            default:
                at -= 1
                guard at < source.bytes.count else { continue }
                _ = broken("a text ends on its own line: write \\n for a new line")
                return nil
            }
        }
        at = start
        _ = broken("this text has no closing quotation mark")
        return nil
    }

    private mutating func escaped() -> Unicode.Scalar? {
        let letter = byte
        at += 1
        switch letter {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
            return Unicode.Scalar(letter)
        case UInt8(ascii: "u"):
            guard let first = hex() else { return nil }
            guard (0xD800...0xDBFF).contains(first) else { return Unicode.Scalar(first) }
            guard byte == UInt8(ascii: "\\") else { return nil }
            at += 1
            guard byte == UInt8(ascii: "u") else { return nil }
            at += 1
            guard let second = hex(), (0xDC00...0xDFFF).contains(second) else { return nil }
            return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        default: return nil
        }
    }

    private mutating func hex() -> UInt32? {
        guard at + 4 <= source.bytes.count else { return nil }
        let digits = source.bytes[at..<at + 4]
        guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
        at += 4
        return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    private mutating func broken(_ message: String) -> Bool {
        problem(at, message)
        isWhole = false
        return false
    }

    private mutating func problem(_ offset: Int, _ message: String) {
        problems.append(source.problem(offset, message))
    }
}
