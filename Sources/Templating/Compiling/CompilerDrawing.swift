/// Operations that draw, and operations that ask.
extension Compiler {
    // MARK: Drawing

    func draw(_ term: Term, as escape: Escape) {
        switch term.form {
        case .broken: break
        case .constant(.text(let text)): code.copy(escaped(text, as: escape))
        case .constant(.int(let number)): code.copy(Array(String(number).utf8))
        case .value(_, let steps, let shape):
            guard mayDraw(shape, steps, term, escape) else { return }
            let (register, offset) = operand(term)
            code.emit(
                Operation(.draw, flag: escape.rawValue, register: register, a: offset),
                origin: term.origin
            )
        case .index(let loop): code.emit(Operation(.drawIndex, register: loop))
        case .words(let key, let arguments, let size):
            words(key, arguments, size, escape, term.origin)
        case .absent(let name): problem(term.origin, absence(of: name))
        case .filter(let filter, let inner): draw(filter, inner, escape, term)
        case .slot: problem(term.origin, "a slot is drawn alone: {{ slot }}")
        case .constant, .first, .last, .not, .all, .any, .equal:
            problem(term.origin, "a yes or no cannot be drawn: ask it with {% if … %}")
        }
    }

    func mayDraw(_ shape: Shape, _ steps: [Term.Step], _ term: Term, _ escape: Escape)
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
            code.emit(Operation(.drawCount, register: register, a: offset), origin: term.origin)
        case .join(let separator):
            if escape.beginsAddress {
                problem(term.origin, "a list cannot be the beginning of an address")
            }
            let (register, offset) = operand(inner)
            code.emit(
                Operation(
                    .drawJoined,
                    flag: escape.rawValue,
                    register: register,
                    a: offset,
                    b: code.constant(.text(separator))
                ),
                origin: term.origin
            )
        case .otherwise(let text):
            switch inner.isMissing {
            case false?: draw(inner, as: escape)
            case true?: code.copy(escaped(text, as: escape))
            case nil:
                let missing = code.label()
                let end = code.label()
                jumpIfMissing(inner, to: missing)
                draw(inner, as: escape)
                code.emit(Operation(.jump), to: end)
                code.place(missing)
                code.copy(escaped(text, as: escape))
                code.place(end)
            }
        }
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
    func jump(_ term: Term, when wanted: Bool, to target: Emitter.Label) {
        if let truth = term.truth {
            if truth == wanted { code.emit(Operation(.jump), to: target) }
            return
        }
        switch term.form {
        case .constant, .index, .words, .slot, .absent, .broken: break
        case .value:
            steps(term, missing: wanted ? nil : target) { register, offset in
                code.emit(
                    Operation(.jumpIf, flag: wanted ? 1 : 0, register: register, a: offset),
                    to: target
                )
            }
        case .first(let loop), .last(let loop):
            var isLast = 0
            if case .last = term.form { isLast = 1 }
            code.emit(
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
    private func jumpIfMissing(_ term: Term, to target: Emitter.Label) {
        if case .filter(_, let inner) = term.form { return jumpIfMissing(inner, to: target) }
        steps(term, missing: target) { register, offset in
            code.emit(Operation(.jumpIfMissing, register: register, a: offset), to: target)
        }
    }

    /// `and` is decided by the first that is false, `or` by the first that is true.
    private func jump(
        _ parts: [Term],
        stopsAt decisive: Bool,
        _ wanted: Bool,
        _ target: Emitter.Label
    ) {
        if wanted == decisive {
            for part in parts { jump(part, when: decisive, to: target) }
        } else {
            let past = code.label()
            for part in parts.dropLast() { jump(part, when: decisive, to: past) }
            if let last = parts.last { jump(last, when: wanted, to: target) }
            code.place(past)
        }
    }

    private func compare(_ left: Term, _ right: Term, when wanted: Bool, to target: Emitter.Label) {
        let flag: UInt8 = wanted ? 1 : 0
        if case .value = left.form, case .constant(let value) = right.form {
            steps(left, missing: wanted ? nil : target) { register, offset in
                code.emit(
                    Operation(
                        .jumpIfSame,
                        flag: flag,
                        register: register,
                        a: offset,
                        b: code.constant(value)
                    ),
                    to: target
                )
            }
            return
        }
        hold(left, right: false)
        hold(right, right: true)
        code.emit(Operation(.jumpIfHeld, flag: flag), to: target)
    }

    func hold(_ term: Term, right: Bool) {
        let flag: UInt8 = right ? 1 : 0
        switch term.form {
        case .value(_, let steps, _) where !steps.isEmpty:
            code.emit(Operation(.holdConstant, flag: flag, b: code.constant(.none)))
            let end = code.label()
            self.steps(term, missing: end) { register, offset in
                code.emit(Operation(.hold, flag: flag, register: register, a: offset))
            }
            code.place(end)
        case .index(let loop): code.emit(Operation(.holdIndex, flag: flag, register: loop))
        case .first(let loop), .last(let loop):
            var isLast = 0
            if case .last = term.form { isLast = 1 }
            let end = code.label()
            code.emit(Operation(.holdConstant, flag: flag, b: code.constant(.bool(true))))
            code.emit(Operation(.jumpIfEdge, flag: 1, register: loop, a: isLast), to: end)
            code.emit(Operation(.holdConstant, flag: flag, b: code.constant(.bool(false))))
            code.place(end)
        case .filter(.count, let inner):
            let (register, offset) = operand(inner)
            code.emit(
                Operation(.holdCount, flag: flag, register: register, a: offset),
                origin: term.origin
            )
        case .constant(let value):
            code.emit(Operation(.holdConstant, flag: flag, b: code.constant(value)))
        default: code.emit(Operation(.holdConstant, flag: flag, b: code.constant(.none)))
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
    private func steps(_ term: Term, missing: Emitter.Label?, _ use: (Int, Int) -> Void) {
        guard case .value(var register, let steps, _) = term.form, let last = steps.last else {
            return
        }
        let past = code.label()
        for (step, next) in zip(steps, steps.dropFirst()) {
            load(&register, step, next, term, missing: missing ?? past)
        }
        use(register, last.offset)
        if missing == nil, steps.count > 1 { code.place(past) }
    }

    private func load(
        _ register: inout Int,
        _ step: Term.Step,
        _ next: Term.Step,
        _ term: Term,
        missing: Emitter.Label?
    ) {
        guard let shape = next.shape else { return }
        code.emit(
            Operation(.load, register: register, a: step.offset, b: code.shapeNumber(shape), c: -1),
            to: missing,
            origin: term.origin
        )
        register = Register.scratch
    }
}
