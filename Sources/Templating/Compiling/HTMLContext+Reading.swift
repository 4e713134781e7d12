/// How what is written moves a context on, byte by byte, and what is refused on the way.
extension HTMLContext {
    struct Flaw {
        let offset: Int
        let message: String
        /// Whether it is open now where the HTML has got to, so that it was read no further.
        let losesPlace: Bool
    }

    /// Moves past what is written, and says what is wrong with it and at which byte.
    mutating func read(_ bytes: ArraySlice<UInt8>, of file: Int) -> [Flaw] {
        var flaws: [Flaw] = []
        var at = bytes.startIndex
        while at < bytes.endIndex {
            if state == .text {
                guard let next = bytes[at...].firstIndex(of: UInt8(ascii: "<")) else { break }
                opened = Place(file: file, offset: next)
                state = .open
                at = next + 1
                continue
            }
            if let message = step(bytes[at]) {
                flaws.append(Flaw(offset: at, message: message, losesPlace: true))
                break
            }
            if let message = noted {
                flaws.append(Flaw(offset: at, message: message, losesPlace: false))
                noted = nil
            }
            at += 1
        }
        return flaws
    }

    private mutating func step(_ byte: UInt8) -> String? {
        switch state {
        // `read` finds where it ends.
        case .text: break
        case .open: return open(byte)
        case .tagName: return tagName(byte)
        case .gap, .afterName, .afterValue, .unsure, .attributeName: return inTag(byte)
        case .beforeValue: return beforeValue(byte)
        case .value(let quote, let kind, let address):
            return value(byte, quote, kind, address)
        case .unquoted:
            if isHTMLSpace(byte) {
                return startGap(byte)
            } else if byte == UInt8(ascii: ">") {
                return endStartTag()
            } else if "\"'<=`".utf8.contains(byte) {
                return "put quotation marks round this attribute's value"
            }
        case .endTag, .endTagName, .endTagGap: return endTag(byte)
        case .bang(let dashes):
            if byte == UInt8(ascii: "-") {
                state = dashes == 1 ? .comment(atStart: true, dashes: 0) : .bang(dashes: 1)
            } else if byte == UInt8(ascii: "[") {
                return "a CDATA section does not belong in a page"
            } else {
                state = .declaration
                return step(byte)
            }
        case .declaration:
            if byte == UInt8(ascii: ">") { reset() }
        case .comment(let atStart, let dashes): return comment(byte, atStart, dashes)
        case .wordsOnly:
            if byte == UInt8(ascii: "<") { state = .closing(matched: 0, raw: false) }
        case .raw:
            if byte == UInt8(ascii: "<") { state = .closing(matched: 0, raw: true) }
        case .closing(let matched, let raw): return closing(byte, matched, raw)
        }
        return nil
    }

    private mutating func open(_ byte: UInt8) -> String? {
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

    /// A browser follows quotation marks in an end tag, and takes some for the beginning of a
    /// comment, so an end tag is its name and nothing else.
    private mutating func endTag(_ byte: UInt8) -> String? {
        switch (state, byte) {
        case (.endTagName, UInt8(ascii: ">")), (.endTagGap, UInt8(ascii: ">")): reset()
        case (.endTagName, _) where isHTMLSpace(byte): state = .endTagGap
        case (.endTagGap, _) where isHTMLSpace(byte): break
        case (.endTagName, _) where isNamePart(byte): break
        case (.endTag, _) where isLetter(byte): state = .endTagName
        default: return "an end tag is its name in angle brackets, and nothing else"
        }
        return nil
    }

    /// A browser ends a comment in more ways than one, so only the usual one may stand.
    private mutating func comment(_ byte: UInt8, _ atStart: Bool, _ dashes: Int) -> String? {
        switch byte {
        case UInt8(ascii: ">") where atStart:
            return "this comment ends before it has begun: write <!-- … -->"
        case UInt8(ascii: "!") where dashes == 2:
            return "“--!” may end a comment: write <!-- … -->"
        case UInt8(ascii: ">") where dashes == 2: reset()
        case UInt8(ascii: "-"):
            let isEnding = atStart && dashes == 1
            state = .comment(
                atStart: atStart && !isEnding,
                dashes: isEnding ? 2 : min(dashes + 1, 2)
            )
        default: state = .comment(atStart: false, dashes: 0)
        }
        return nil
    }

    private mutating func tagName(_ byte: UInt8) -> String? {
        switch byte {
        case UInt8(ascii: ">"): return endStartTag()
        case UInt8(ascii: "/"): return startGap(byte)
        case _ where isHTMLSpace(byte): return startGap(byte)
        default: element.append(lower(byte))
        }
        return nil
    }

    private mutating func startGap(_ byte: UInt8) -> String? {
        state = .gap
        attribute = []
        if byte == UInt8(ascii: "/"), stateInside != nil {
            return "write <\(name)> with an end tag"
        }
        return nil
    }

    private mutating func inTag(_ byte: UInt8) -> String? {
        if byte == UInt8(ascii: ">") { return endStartTag() }
        if byte == UInt8(ascii: "/") { return startGap(byte) }
        if isHTMLSpace(byte) {
            if state == .attributeName, !attribute.isEmpty {
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
        case .attributeName: beginValue()
        case .afterName where byte == UInt8(ascii: "="): beginValue()
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

    private mutating func beginValue() {
        state = .beforeValue
        guard case .refused(let reason) = kind else { return }
        noted = reason
        // Of its value nothing more is said.
        attribute = []
    }

    private mutating func beforeValue(_ byte: UInt8) -> String? {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            state = .value(quote: byte, kind, .start)
        case _ where isHTMLSpace(byte): break
        case UInt8(ascii: ">"): return "this attribute's value is missing"
        default:
            if case .address = kind { return "put quotation marks round this address" }
            state = .unquoted
            return step(byte)
        }
        return nil
    }

    private var kind: Attribute { Attribute(named: attributeText, of: name) }

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
        guard case .address(let onOurHost) = kind else { return nil }
        var address = address
        if let problem = address.read(byte, onOurHost: onOurHost) {
            noted = problem
            // Of the rest of it nothing more is said.
            address = .query
        }
        state = .value(quote: quote, kind, address)
        return nil
    }

    private mutating func endStartTag() -> String? {
        attribute = []
        if ["plaintext", "noscript"].contains(name) {
            return "<\(name)> does not belong in a page: not every browser reads it in one way"
        }
        if let stateInside {
            state = stateInside
        } else {
            reset()
        }
        return nil
    }

    /// Inside an element that ends only at its own end tag.
    private var stateInside: State? {
        switch name {
        case "title", "textarea": .wordsOnly
        case "script", "style", "iframe", "noembed", "noframes", "xmp": .raw
        default: nil
        }
    }

    private mutating func closing(_ byte: UInt8, _ matched: Int, _ raw: Bool) -> String? {
        let wanted = [UInt8(ascii: "/")] + element
        if matched < wanted.count, lower(byte) == wanted[matched] {
            state = .closing(matched: matched + 1, raw: raw)
            return nil
        }
        if matched == wanted.count, isHTMLSpace(byte) || byte == UInt8(ascii: ">") {
            element = []
            state = .endTagName
            return endTag(byte)
        }
        // Inside a script a browser looks for comments and scripts, and inside a drawing it reads
        // all of this as tags.
        return raw
            ? "a “<” may not stand inside <\(name)>, except in its end tag: put this in a file of "
                + "its own"
            : "write &lt; for a “<” inside <\(name)>"
    }

    private mutating func reset() {
        state = .text
        element = []
        attribute = []
    }

    private var attributeText: String { String(decoding: attribute, as: UTF8.self) }
}

private func isNamePart(_ byte: UInt8) -> Bool {
    isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "-")
}
