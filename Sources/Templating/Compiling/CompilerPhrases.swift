/// Phrases, put into the words of the program's language.
extension Compiler {
    func words(
        _ key: String,
        _ arguments: [(name: String, value: Term)],
        _ size: Int,
        _ escape: Escape,
        _ origin: Expression
    ) {
        // What is wrong with the phrase itself has been noted for the file, once.
        guard let phrase = language.phrases[key] else { return }
        if isInPhrase {
            say(phrase, arguments, escape, origin)
            return
        }
        isInPhrase = true
        defer { isInPhrase = false }
        guard mayGrow(by: size, { problem(origin, $0) }),
            checkPhrase(key, arguments, escape, origin)
        else { return }
        say(phrase, arguments, escape, origin)
    }

    /// Whether it can be said in every language: which gaps a form has differs, so this looks at
    /// all that is given and not only at what the language of this program takes.
    private func checkPhrase(
        _ key: String,
        _ arguments: [(name: String, value: Term)],
        _ escape: Escape,
        _ origin: Expression
    ) -> Bool {
        let phrases = library.languages.all.compactMap { $0.phrases[key] }
        if escape.isAddress, phrases.contains(where: { !$0.gaps.isEmpty }) {
            problem(origin, "a phrase with gaps cannot be an address")
            return false
        }
        let isPlural = phrases.allSatisfy(\.isPlural)
        return arguments.reduce(true) { isRight, argument in
            let isNumber = !isPlural || argument.name != "count" || checkCount(argument.value)
            return isNumber && checkDrawn(argument.value, escape) && isRight
        }
    }

    /// Whether a term can be drawn, as drawing it would find.
    private func checkDrawn(_ term: Term, _ escape: Escape) -> Bool {
        switch term.form {
        case .constant(.text), .constant(.int), .index, .filter(.count, _), .filter(.join, _):
            return true
        case .value(_, let steps, let shape): return mayDraw(shape, steps, term, escape)
        case .words(let key, let arguments, _):
            return checkPhrase(key, arguments, escape, term.origin)
        case .filter(.otherwise, let inner):
            return inner.isMissing == true || checkDrawn(inner, escape)
        case .broken: return false
        case .absent, .slot, .constant, .first, .last, .not, .all, .any, .equal:
            draw(term, as: escape)
            return false
        }
    }

    private func checkCount(_ count: Term) -> Bool {
        switch count.form {
        case .constant(.int), .value(_, _, .int), .index, .filter(.count, _), .broken: return true
        case .absent(let name): problem(count.origin, absence(of: name))
        default:
            problem(count.origin, "count must be a number, since it chooses the plural form")
        }
        return false
    }

    private func say(
        _ phrase: PhraseText,
        _ arguments: [(name: String, value: Term)],
        _ escape: Escape,
        _ origin: Expression
    ) {
        switch phrase {
        case .plain(let pieces): self.pieces(pieces, arguments, escape)
        case .plural(let forms, let other):
            guard let count = arguments.first(where: { $0.name == "count" })?.value else { return }
            plural(forms, other, count, arguments, escape)
        }
    }

    private func pieces(
        _ pieces: [PhraseText.Piece],
        _ arguments: [(name: String, value: Term)],
        _ escape: Escape
    ) {
        for piece in pieces {
            switch piece {
            case .text(let text): code.copy(escaped(text, as: escape))
            case .gap(let name):
                guard let value = arguments.first(where: { $0.name == name })?.value else {
                    continue
                }
                draw(value, as: escape)
            }
        }
    }

    private func plural(
        _ forms: [PluralForm: [PhraseText.Piece]],
        _ other: [PhraseText.Piece],
        _ count: Term,
        _ arguments: [(name: String, value: Term)],
        _ escape: Escape
    ) {
        if case .constant(.int(let number)) = count.form {
            pieces(forms[language.pluralForm(of: number)] ?? other, arguments, escape)
            return
        }
        let end = code.label()
        let otherwise = code.label()
        let starts = PluralForm.allCases.map { forms[$0] == nil ? otherwise : code.label() }
        hold(count, right: false)
        code.emit(Operation(.plural), origin: count.origin)
        for start in starts { code.emit(Operation(.jump), to: start) }
        for (form, start) in zip(PluralForm.allCases, starts) {
            guard let pieces = forms[form] else { continue }
            code.place(start)
            self.pieces(pieces, arguments, escape)
            code.emit(Operation(.jump), to: end)
        }
        code.place(otherwise)
        pieces(other, arguments, escape)
        code.place(end)
    }
}
