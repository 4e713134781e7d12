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
        /// After `</`.
        case endTag
        case endTagName
        /// After the name of an end tag.
        case endTagGap
        /// After `<!`, with how many dashes.
        case bang(dashes: Int)
        case declaration
        /// With how many dashes just read; at its start `>` would end it at once.
        case comment(atStart: Bool, dashes: Int)
        /// Inside title or textarea, whose text ends only at their own end tag.
        case wordsOnly
        /// Inside script, style and their like.
        case raw
        /// After `<` inside one of those two: how much of `/name` has matched.
        case closing(matched: Int, raw: Bool)
    }

    var state = State.text
    /// The tag being read, or the element whose text is special.
    var element: [UInt8] = []
    var attribute: [UInt8] = []
    /// Where the tag, comment or element began that it is inside of.
    var opened: Place?
    /// What is wrong with the byte just read, though the place stays known.
    var noted: String?

    struct Place: Equatable {
        let file: Int
        let offset: Int
    }

    /// Where something began, or what is wrong, makes no difference to what may follow.
    static func == (one: HTMLContext, other: HTMLContext) -> Bool {
        one.state == other.state && one.element == other.element
            && one.attribute == other.attribute
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(state)
        hasher.combine(element)
        hasher.combine(attribute)
    }

    // MARK: Drawing

    /// How to escape what is drawn here, or why nothing may be. Moves past the place, as if
    /// something had been drawn that may stand there, so that what follows can be judged too.
    mutating func draw() -> Result<Escape, Reason> {
        switch state {
        case .text: return .success(.text)
        case .wordsOnly: return .success(.attribute)
        case .value(let quote, .address(let onOurHost), var address):
            let escape = address.draw(onOurHost: onOurHost)
            state = .value(quote: quote, .address(onOurHost: onOurHost), address)
            return escape
        case .value(_, .plain, _): return .success(.attribute)
        case .value(_, .fixed(let reason), _), .value(_, .refused(let reason), _):
            return refuse(reason)
        case .beforeValue, .unquoted:
            state = .unquoted
            return refuse("put quotation marks round this attribute's value")
        case .comment, .bang, .declaration:
            return refuse("nothing can be drawn inside an HTML comment: write {# … #} instead")
        case .raw, .closing(_, raw: true):
            return refuse(
                "nothing can be drawn inside <\(name)>: put the value in a data attribute and "
                    + "read it there",
                losesPlace: state != .raw
            )
        case .closing: return refuse("nothing can be drawn inside an end tag", losesPlace: true)
        case .open, .tagName:
            return refuse("nothing can be drawn into the name of a tag", losesPlace: true)
        case .endTag, .endTagName, .endTagGap:
            state = .endTagName
            return refuse("nothing can be drawn into the name of a tag")
        case .gap, .attributeName, .afterName, .afterValue, .unsure:
            state = .attributeName
            attribute = []
            return refuse(
                "nothing can be drawn as an attribute: write it out inside {% if … %}, or "
                    + "give it a value in quotation marks"
            )
        }
    }

    struct Reason: Error {
        let message: String
        /// Whether it is open now where the HTML has got to.
        var losesPlace = false
    }

    private func refuse(
        _ message: String,
        losesPlace: Bool = false
    ) -> Result<Escape, Reason> {
        .failure(Reason(message: message, losesPlace: losesPlace))
    }

    var name: String { String(decoding: element, as: UTF8.self) }

    var isInsideComment: Bool {
        switch state {
        case .comment, .bang, .declaration: true
        default: false
        }
    }

    /// Inside what no tag of the page's own counts any more.
    var isInsideCommentOrElement: Bool {
        switch state {
        case .wordsOnly, .raw, .closing: true
        default: isInsideComment
        }
    }

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
        case (.value(let quote, let kind, let mine), .value(let other, let same, let theirs))
        where quote == other && kind == same && attribute == branch.attribute:
            guard let address = mine.joined(with: theirs) else { return nil }
            joined.state = .value(quote: quote, kind, address)
            joined.attribute = attribute
            return joined
        // After a name only “=” means something else than in a gap, and there it is refused.
        case (.gap, .gap), (.gap, .afterName), (.afterName, .gap), (.afterName, .afterName):
            joined.state = .gap
            return joined
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
}
