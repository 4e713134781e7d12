/// The plural forms that the languages of the world tell apart, in the order CLDR lists them.
enum PluralForm: String, CaseIterable, Sendable {
    case zero
    case one
    case two
    case few
    case many
    case other

    /// Which of them a language uses. A form that is left out falls back to `other`, as Welsh
    /// often does; English must have both of its two.
    static func required(in code: String) -> Set<PluralForm> {
        code.hasPrefix("en") ? [.one, .other] : [.other]
    }

    static func known(in code: String) -> Set<PluralForm> {
        code.hasPrefix("cy") ? Set(allCases) : [.one, .other]
    }

    /// The form for a whole number, by the rules of CLDR for this language.
    static func form(of number: Int, in code: String) -> PluralForm {
        guard code.hasPrefix("cy") else { return number == 1 || number == -1 ? .one : .other }
        switch number {
        case 0: return .zero
        case 1, -1: return .one
        case 2, -2: return .two
        case 3, -3: return .few
        case 6, -6: return .many
        default: return .other
        }
    }
}

/// One phrase of one language, cut at its gaps.
enum PhraseText: Sendable {
    case plain([Piece])
    case plural([PluralForm: [Piece]], other: [Piece])

    enum Piece: Hashable, Sendable {
        case text(String)
        case gap(String)
    }

    var isPlural: Bool {
        if case .plural = self { true } else { false }
    }

    /// Of all its forms.
    var pieces: [Piece] {
        switch self {
        case .plain(let all): all
        case .plural(let forms, let other): forms.values.flatMap { $0 } + other
        }
    }

    /// The names of all gaps, in any form.
    var gaps: Set<String> {
        var names: Set<String> = []
        for case .gap(let name) in pieces { names.insert(name) }
        return names
    }
}
