/// Where in the HTML a template has got to, followed byte by byte while it is compiled.
///
/// It knows as much of a browser's tokenizer as it takes to say, of every place where a value
/// would be drawn, how it must be escaped there, or that nothing can make it safe.
struct HTMLContext: Hashable {
    enum State: Hashable {
        case text
        /// After `<`.
        case open
        case tagName
        /// Inside a tag, where an attribute may begin.
        case gap
        case attributeName
        case afterName
        case beforeValue
        case value(quote: UInt8, Attribute, Address)
        case unquoted
        case afterValue
        /// Inside a tag, after branches that ended differently: the next must be a space or the
        /// tag's end.
        case unsure
        case endTag
        /// After `<!`, with how many dashes.
        case bang(dashes: Int)
        case declaration
        case comment(dashes: Int)
        /// Inside title or textarea, whose text ends only at their own end tag.
        case wordsOnly
        /// Inside script, style and their like.
        case raw
        /// After `<` inside one of those two: how much of `/name` has matched.
        case closing(matched: Int, raw: Bool)
    }

    /// How far an address has got.
    enum Address: Hashable {
        case start
        /// What stands so far, while it may yet be a scheme.
        case scheme([UInt8])
        case path
        case query
        /// Of a scheme that a value must not be drawn into, or after branches that differ.
        case unknown
    }

    var state = State.text
    /// The tag being read, or the element whose text is special.
    private var element: [UInt8] = []
    private var attribute: [UInt8] = []

    // MARK: Drawing

    /// How to escape what is drawn here, or why nothing may be. Moves past the place.
    mutating func draw() -> Result<Escape, Reason> {
        switch state {
        case .text: return .success(.text)
        case .wordsOnly: return .success(.attribute)
        case .value(let quote, .address, let address):
            switch address {
            case .start:
                state = .value(quote: quote, .address, .path)
                return .success(.address)
            case .scheme, .path:
                state = .value(quote: quote, .address, .path)
                return .success(.addressPath)
            case .query: return .success(.addressQuery)
            case .unknown:
                return refuse(
                    "put the whole address into one value: what stands before is not sure"
                )
            }
        case .value(_, .plain, _): return .success(.attribute)
        case .value(_, .fixed(let reason), _), .value(_, .refused(let reason), _):
            return refuse(reason)
        case .beforeValue, .unquoted:
            return refuse("put quotation marks round this attribute's value")
        case .comment, .bang, .declaration:
            return refuse("nothing can be drawn inside an HTML comment: write {# … #} instead")
        case .raw, .closing(_, raw: true):
            return refuse(
                "nothing can be drawn inside <\(name)>: put the value in a data attribute and "
                    + "read it there"
            )
        case .closing: return refuse("nothing can be drawn inside an end tag")
        case .open, .tagName, .endTag: return refuse("nothing can be drawn into the name of a tag")
        case .gap, .attributeName, .afterName, .afterValue, .unsure:
            return refuse(
                "nothing can be drawn as an attribute: write it out inside {% if … %}, or "
                    + "give it a value in quotation marks"
            )
        }
    }

    struct Reason: Error {
        let message: String
    }

    private func refuse(_ message: String) -> Result<Escape, Reason> {
        .failure(Reason(message: message))
    }

    private var name: String { String(decoding: element, as: UTF8.self) }

    /// What the page would be left inside of, if it ended here.
    var unfinished: String? {
        switch state {
        case .text: nil
        case .wordsOnly, .raw, .closing: "<\(name)>, which has no end tag"
        case .comment, .bang, .declaration: "a comment"
        default: "a tag"
        }
    }

    // MARK: Branches

    /// Where a page is that may have come either way; nil when the two do not fit together.
    func joined(with branch: HTMLContext) -> HTMLContext? {
        if self == branch { return self }
        guard element == branch.element else { return nil }
        var joined = self
        joined.attribute = []
        switch (state, branch.state) {
        case (.value(let quote, .address, let mine), .value(let other, .address, let theirs))
        where quote == other:
            let bothPast = [mine, theirs].allSatisfy { $0 == .path || $0 == .query }
            joined.state = .value(quote: quote, .address, bothPast ? .query : .unknown)
            joined.attribute = attribute
            return attribute == branch.attribute ? joined : nil
        case _ where isBetweenAttributes && branch.isBetweenAttributes:
            joined.state = .unsure
            return joined
        default: return nil
        }
    }

    private var isBetweenAttributes: Bool {
        switch state {
        case .tagName, .gap, .attributeName, .afterName, .afterValue, .unsure: true
        default: false
        }
    }

    // MARK: Reading

    /// Moves past what is written, or says what is wrong with it and at which byte.
    mutating func read(_ bytes: ArraySlice<UInt8>) -> (offset: Int, message: String)? {
        var at = bytes.startIndex
        while at < bytes.endIndex {
            if state == .text {
                guard let next = bytes[at...].firstIndex(of: UInt8(ascii: "<")) else { return nil }
                at = next
                state = .open
                at += 1
                continue
            }
            var again = true
            while again {
                again = false
                if let message = step(bytes[at], &again) { return (at, message) }
            }
            at += 1
        }
        return nil
    }

    /// One byte. `again` asks for the same byte in the new state.
    private mutating func step(_ byte: UInt8, _ again: inout Bool) -> String? {
        switch state {
        case .text:
            if byte == UInt8(ascii: "<") { state = .open }
        case .open: return open(byte, &again)
        case .tagName: return tagName(byte)
        case .gap, .afterName, .afterValue, .unsure, .attributeName: return inTag(byte, &again)
        case .beforeValue: return beforeValue(byte)
        case .value(let quote, let kind, let address):
            return value(byte, quote, kind, address)
        case .unquoted:
            if isSpace(byte) {
                state = .gap
            } else if byte == UInt8(ascii: ">") {
                return endStartTag()
            }
        case .endTag:
            if byte == UInt8(ascii: ">") { reset() }
        case .bang(let dashes):
            if byte == UInt8(ascii: "-") {
                state = dashes == 1 ? .comment(dashes: 0) : .bang(dashes: 1)
            } else if byte == UInt8(ascii: "[") {
                return "a CDATA section does not belong in a page"
            } else {
                state = .declaration
                again = true
            }
        case .declaration:
            if byte == UInt8(ascii: ">") { reset() }
        case .comment(let dashes):
            if byte == UInt8(ascii: "-") {
                state = .comment(dashes: min(dashes + 1, 2))
            } else if byte == UInt8(ascii: ">"), dashes == 2 {
                reset()
            } else {
                state = .comment(dashes: 0)
            }
        case .wordsOnly:
            if byte == UInt8(ascii: "<") { state = .closing(matched: 0, raw: false) }
        case .raw:
            if byte == UInt8(ascii: "<") { state = .closing(matched: 0, raw: true) }
        case .closing(let matched, let raw): return closing(byte, matched, raw, &again)
        }
        return nil
    }

    private mutating func open(_ byte: UInt8, _ again: inout Bool) -> String? {
        switch byte {
        case UInt8(ascii: "/"):
            state = .endTag
        case UInt8(ascii: "!"):
            state = .bang(dashes: 0)
        case UInt8(ascii: "?"):
            return "“<?” does not belong in a page"
        case _ where isLetter(byte):
            element = [lower(byte)]
            state = .tagName
        default:
            state = .text
            return "write &lt; for a “<” that begins no tag"
        }
        return nil
    }

    private mutating func tagName(_ byte: UInt8) -> String? {
        switch byte {
        case UInt8(ascii: ">"): return endStartTag()
        case UInt8(ascii: "/"): return startGap(byte)
        case _ where isSpace(byte): return startGap(byte)
        default: element.append(lower(byte))
        }
        return nil
    }

    private mutating func startGap(_ byte: UInt8) -> String? {
        state = .gap
        if byte == UInt8(ascii: "/"), isSpecial {
            return "write <\(name)> with an end tag"
        }
        return nil
    }

    private mutating func inTag(_ byte: UInt8, _ again: inout Bool) -> String? {
        if byte == UInt8(ascii: ">") { return endStartTag() }
        if byte == UInt8(ascii: "/") { return startGap(byte) }
        if isSpace(byte) {
            if state == .attributeName {
                state = .afterName
            } else if state != .afterName {
                state = .gap
            }
            return nil
        }
        switch state {
        case .unsure, .afterValue:
            return "a space is missing before this attribute"
        case .attributeName where byte != UInt8(ascii: "="):
            attribute.append(lower(byte))
        case .attributeName:
            return beginValue()
        case .afterName where byte == UInt8(ascii: "="):
            return beginValue()
        case _
        where [UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "<"), UInt8(ascii: "=")]
            .contains(byte):
            return "an attribute cannot begin with “\(Character(Unicode.Scalar(byte)))”"
        default:
            attribute = [lower(byte)]
            state = .attributeName
        }
        return nil
    }

    private mutating func beginValue() -> String? {
        state = .beforeValue
        if case .refused(let reason) = Attribute(named: attributeText) { return reason }
        return nil
    }

    private mutating func beforeValue(_ byte: UInt8) -> String? {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            state = .value(quote: byte, Attribute(named: attributeText), .start)
        case _ where isSpace(byte): break
        case UInt8(ascii: ">"): return "this attribute's value is missing"
        default: state = .unquoted
        }
        return nil
    }

    private mutating func value(
        _ byte: UInt8,
        _ quote: UInt8,
        _ kind: Attribute,
        _ address: Address
    ) -> String? {
        if byte == quote {
            state = .afterValue
            attribute = []
            return nil
        }
        guard kind == .address else { return nil }
        let next: Address
        switch (address, byte) {
        case (.query, _), (.unknown, _): return nil
        case (_, UInt8(ascii: "?")), (_, UInt8(ascii: "#")): next = .query
        case (.path, UInt8(ascii: "&")): next = .query
        case (.path, _): return nil
        case (_, UInt8(ascii: "/")): next = .path
        case (.scheme(let scheme), UInt8(ascii: ":")):
            let text = String(decoding: scheme, as: UTF8.self)
            if text == "javascript" || text == "vbscript" {
                return "“\(text):” would run a script: put it in a file of its own"
            }
            next = Address.schemes.contains(text) ? .path : .unknown
        case (.scheme(let scheme), _):
            next = scheme.count < 16 ? .scheme(scheme + [lower(byte)]) : .path
        case (.start, _): next = isSpace(byte) ? .start : .scheme([lower(byte)])
        }
        state = .value(quote: quote, kind, next)
        return nil
    }

    private mutating func endStartTag() -> String? {
        attribute = []
        switch name {
        case "title", "textarea": state = .wordsOnly
        case "script", "style", "iframe", "noembed", "noframes", "xmp": state = .raw
        case "plaintext": return "<plaintext> does not belong in a page"
        default: reset()
        }
        return nil
    }

    private var isSpecial: Bool {
        ["title", "textarea", "script", "style", "iframe", "noembed", "noframes", "xmp"].contains(
            name
        )
    }

    private mutating func closing(
        _ byte: UInt8,
        _ matched: Int,
        _ raw: Bool,
        _ again: inout Bool
    ) -> String? {
        let wanted = [UInt8(ascii: "/")] + element
        if matched < wanted.count, lower(byte) == wanted[matched] {
            state = .closing(matched: matched + 1, raw: raw)
            return nil
        }
        if matched == wanted.count, byte == UInt8(ascii: ">") {
            reset()
            return nil
        }
        if matched == wanted.count, isSpace(byte) || byte == UInt8(ascii: "/") {
            element = []
            state = .endTag
            return nil
        }
        state = raw ? .raw : .wordsOnly
        again = raw
        return raw ? nil : "write &lt; for a “<” inside <\(name)>"
    }

    private mutating func reset() {
        state = .text
        element = []
        attribute = []
    }

    private var attributeText: String { String(decoding: attribute, as: UTF8.self) }
}

extension HTMLContext.Address {
    static let schemes: Set<String> = ["http", "https", "mailto", "tel"]
}

private func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte)
}

private func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(lower(byte))
}

private func lower(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
}
