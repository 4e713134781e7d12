/// Operations that draw, and operations that ask.
extension Compiler {
    // MARK: Drawing

    func draw(_ term: Term, as escape: Escape) {
        switch term.form {
        case .broken: break
        case .constant(.text(let text)): copy(escaped(text, as: escape))
        case .constant(.int(let number)): copy(Array(String(number).utf8))
        case .value(_, let steps, let shape):
            guard mayDraw(shape, steps, term, escape) else { return }
            let (register, offset) = operand(term)
            emit(
                Operation(.draw, flag: escape.rawValue, register: register, a: offset),
                origin: term.origin
            )
        case .index(let loop): emit(Operation(.drawIndex, register: loop))
        case .words(let key, let arguments, let size):
            words(key, arguments, size, escape, term.origin)
        case .absent(let name): problem(term.origin, absence(of: name))
        case .filter(let filter, let inner): draw(filter, inner, escape, term)
        case .slot: problem(term.origin, "a slot is drawn alone: {{ slot }}")
        case .constant, .first, .last, .not, .all, .any, .equal:
            problem(term.origin, "a yes or no cannot be drawn: ask it with {% if … %}")
        }
    }

    private func mayDraw(_ shape: Shape, _ steps: [Term.Step], _ term: Term, _ escape: Escape)
        -> Bool
    {
        switch shape {
        case .text, .int: return true
        case .html:
            if escape == .text { return true }
            problem(term.origin, "ready-made HTML can stand only between tags")
        case .bool: problem(term.origin, "a yes or no cannot be drawn: ask it with {% if … %}")
        case .unknown:
            problem(
                term.origin,
                "the example gives “\(term.origin.spelling)” no value: give it one, so that "
                    + "it can be drawn"
            )
        case .list: problem(term.origin, "a list is drawn with {% for … %} or join")
        case .record: problem(term.origin, "a record is not drawn whole: name what is in it")
        }
        return false
    }

    private func draw(_ filter: Expression.Filter, _ inner: Term, _ escape: Escape, _ term: Term) {
        switch filter {
        case .count:
            let (register, offset) = operand(inner)
            emit(Operation(.drawCount, register: register, a: offset), origin: term.origin)
        case .join(let separator):
            if escape.beginsAddress {
                problem(term.origin, "a list cannot be the beginning of an address")
            }
            let (register, offset) = operand(inner)
            emit(
                Operation(
                    .drawJoined,
                    flag: escape.rawValue,
                    register: register,
                    a: offset,
                    b: constant(.text(separator))
                ),
                origin: term.origin
            )
        case .otherwise(let text):
            switch inner.isMissing {
            case false?: draw(inner, as: escape)
            case true?: copy(escaped(text, as: escape))
            case nil:
                let missing = label()
                let end = label()
                jumpIfMissing(inner, to: missing)
                draw(inner, as: escape)
                emit(Operation(.jump), to: end)
                place(missing)
                copy(escaped(text, as: escape))
                place(end)
            }
        }
    }

    // MARK: Phrases

    private func words(
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
            case .text(let text): copy(escaped(text, as: escape))
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
        let end = label()
        let otherwise = label()
        let starts = PluralForm.allCases.map { forms[$0] == nil ? otherwise : label() }
        hold(count, right: false)
        emit(Operation(.plural), origin: count.origin)
        for start in starts { emit(Operation(.jump), to: start) }
        for (form, start) in zip(PluralForm.allCases, starts) {
            guard let pieces = forms[form] else { continue }
            place(start)
            self.pieces(pieces, arguments, escape)
            emit(Operation(.jump), to: end)
        }
        place(otherwise)
        pieces(other, arguments, escape)
        place(end)
    }

    // MARK: Asking

    /// Notes what is wrong with a condition before it is turned into jumps.
    func check(condition term: Term) {
        switch term.form {
        case .not(let inner): check(condition: inner)
        case .all(let parts), .any(let parts):
            for part in parts { check(condition: part) }
        case .filter(.join, _): problem(term.origin, "ask about the list itself")
        default: break
        }
    }

    /// Goes to the label if the term is as true as `when`.
    func jump(_ term: Term, when wanted: Bool, to target: Label) {
        if let truth = term.truth {
            if truth == wanted { emit(Operation(.jump), to: target) }
            return
        }
        switch term.form {
        case .constant, .index, .words, .slot, .absent, .broken: break
        case .value:
            steps(term, missing: wanted ? nil : target) { register, offset in
                emit(
                    Operation(.jumpIf, flag: wanted ? 1 : 0, register: register, a: offset),
                    to: target
                )
            }
        case .first(let loop), .last(let loop):
            var isLast = 0
            if case .last = term.form { isLast = 1 }
            emit(
                Operation(.jumpIfEdge, flag: wanted ? 1 : 0, register: loop, a: isLast),
                to: target
            )
        case .filter(_, let inner): jump(inner, when: wanted, to: target)
        case .not(let inner): jump(inner, when: !wanted, to: target)
        case .all(let parts): jump(parts, stopsAt: false, wanted, target)
        case .any(let parts): jump(parts, stopsAt: true, wanted, target)
        case .equal(let left, let right, let negated):
            compare(left, right, when: wanted != negated, to: target)
        }
    }

    /// Goes to the label if there is nothing to draw: no value, an empty text or an empty list.
    private func jumpIfMissing(_ term: Term, to target: Label) {
        if case .filter(_, let inner) = term.form { return jumpIfMissing(inner, to: target) }
        steps(term, missing: target) { register, offset in
            emit(Operation(.jumpIfMissing, register: register, a: offset), to: target)
        }
    }

    /// `and` is decided by the first that is false, `or` by the first that is true.
    private func jump(_ parts: [Term], stopsAt decisive: Bool, _ wanted: Bool, _ target: Label) {
        if wanted == decisive {
            for part in parts { jump(part, when: decisive, to: target) }
        } else {
            let past = label()
            for part in parts.dropLast() { jump(part, when: decisive, to: past) }
            if let last = parts.last { jump(last, when: wanted, to: target) }
            place(past)
        }
    }

    private func compare(_ left: Term, _ right: Term, when wanted: Bool, to target: Label) {
        let flag: UInt8 = wanted ? 1 : 0
        if case .value = left.form, case .constant(let value) = right.form {
            steps(left, missing: wanted ? nil : target) { register, offset in
                emit(
                    Operation(
                        .jumpIfSame,
                        flag: flag,
                        register: register,
                        a: offset,
                        b: constant(value)
                    ),
                    to: target
                )
            }
            return
        }
        hold(left, right: false)
        hold(right, right: true)
        emit(Operation(.jumpIfHeld, flag: flag), to: target)
    }

    func hold(_ term: Term, right: Bool) {
        let flag: UInt8 = right ? 1 : 0
        switch term.form {
        case .value(_, let steps, _) where !steps.isEmpty:
            emit(Operation(.holdConstant, flag: flag, b: constant(.none)))
            let end = label()
            self.steps(term, missing: end) { register, offset in
                emit(Operation(.hold, flag: flag, register: register, a: offset))
            }
            place(end)
        case .index(let loop): emit(Operation(.holdIndex, flag: flag, register: loop))
        case .first(let loop), .last(let loop):
            var isLast = 0
            if case .last = term.form { isLast = 1 }
            let end = label()
            emit(Operation(.holdConstant, flag: flag, b: constant(.bool(true))))
            emit(Operation(.jumpIfEdge, flag: 1, register: loop, a: isLast), to: end)
            emit(Operation(.holdConstant, flag: flag, b: constant(.bool(false))))
            place(end)
        case .filter(.count, let inner):
            let (register, offset) = operand(inner)
            emit(
                Operation(.holdCount, flag: flag, register: register, a: offset),
                origin: term.origin
            )
        case .constant(let value): emit(Operation(.holdConstant, flag: flag, b: constant(value)))
        default: emit(Operation(.holdConstant, flag: flag, b: constant(.none)))
        }
    }

    // MARK: Operands

    /// Steps to the value; a record missing on the way is an error when the page is drawn.
    func operand(_ term: Term) -> (register: Int, offset: Int) {
        guard case .value(var register, let steps, _) = term.form, let last = steps.last else {
            return (Register.scratch, 0)
        }
        for (step, next) in zip(steps, steps.dropFirst()) {
            load(&register, step, next, term, missing: nil)
        }
        return (register, last.offset)
    }

    /// Steps to the value; where a record is missing on the way the value counts as missing.
    private func steps(_ term: Term, missing: Label?, _ use: (Int, Int) -> Void) {
        guard case .value(var register, let steps, _) = term.form, let last = steps.last else {
            return
        }
        let past = label()
        for (step, next) in zip(steps, steps.dropFirst()) {
            load(&register, step, next, term, missing: missing ?? past)
        }
        use(register, last.offset)
        if missing == nil, steps.count > 1 { place(past) }
    }

    private func load(
        _ register: inout Int,
        _ step: Term.Step,
        _ next: Term.Step,
        _ term: Term,
        missing: Label?
    ) {
        guard let shape = next.shape else { return }
        emit(
            Operation(.load, register: register, a: step.offset, b: shapeNumber(shape), c: -1),
            to: missing,
            origin: term.origin
        )
        register = Register.scratch
    }
}
