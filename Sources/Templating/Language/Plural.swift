/// The plural forms that the languages of the world tell apart, in the order CLDR lists them.
enum PluralForm: String, CaseIterable, Sendable {
    case zero
    case one
    case two
    case few
    case many
    case other
}

/// By which rules a language chooses the plural form of a whole number: those of CLDR.
enum PluralRules: String, Sendable {
    case english = "en"
    case welsh = "cy"

    /// Nil for a language whose rules stand nowhere here.
    init?(of code: String) {
        self.init(rawValue: code.prefix { $0 != "-" }.lowercased())
    }

    /// The forms it has.
    var known: [PluralForm] {
        switch self {
        case .english: [.one, .other]
        case .welsh: PluralForm.allCases
        }
    }

    /// The forms that a phrase must have. One that is left out falls back to `other`, as Welsh
    /// often does; English must have both of its two.
    var required: [PluralForm] {
        switch self {
        case .english: [.one, .other]
        case .welsh: [.other]
        }
    }

    func form(of number: Int) -> PluralForm {
        switch (self, number) {
        case (_, 1), (_, -1): .one
        case (.english, _): .other
        case (.welsh, 0): .zero
        case (.welsh, 2), (.welsh, -2): .two
        case (.welsh, 3), (.welsh, -3): .few
        case (.welsh, 6), (.welsh, -6): .many
        case (.welsh, _): .other
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
