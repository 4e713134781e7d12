/// Giving names their meaning.
extension Compiler {
    func resolve(_ expression: Expression, _ scope: Scope) -> Term {
        guard mayGrow(by: expression.size, { problem(expression, $0) }) else {
            return Term(.broken, origin: expression)
        }
        return Term(form(expression, scope), origin: expression)
    }

    private func form(_ expression: Expression, _ scope: Scope) -> Term.Form {
        switch expression.form {
        case .text(let text): return .constant(.text(text))
        case .number(let number): return .constant(.int(number))
        case .truth(let truth): return .constant(.bool(truth))
        case .broken: return .broken
        case .name(let path): return name(path, expression, scope)
        case .words(let key, let arguments):
            let terms = arguments.map { (name: $0.name, value: resolve($0.value, scope)) }
            return .words(key, terms, size: size(of: key, terms))
        case .filter(let filter, let inner):
            return self.filter(filter, resolve(inner, scope), expression)
        case .not(let inner): return .not(resolve(inner, scope))
        case .all(let parts): return .all(parts.map { resolve($0, scope) })
        case .any(let parts): return .any(parts.map { resolve($0, scope) })
        case .equal(let left, let right, let negated):
            return equal(resolve(left, scope), resolve(right, scope), negated, expression)
        }
    }

    private func size(of key: String, _ arguments: [(name: String, value: Term)]) -> Int {
        let most = Templating.mostPieces
        let sizes = library.languages.all.map { language in
            let pieces = language.phrases[key]?.pieces ?? []
            return pieces.reduce(1) { sum, piece in
                let size =
                    switch piece {
                    case .text(let text): Templating.pieces(ofText: text.utf8.count)
                    case .gap(let name): arguments.first { $0.name == name }?.value.size ?? 1
                    }
                return min(sum + size, most)
            }
        }
        return sizes.max() ?? 1
    }

    private func broken(_ expression: Expression, _ message: String) -> Term.Form {
        problem(expression, message)
        return .broken
    }

    private func name(_ path: [String], _ expression: Expression, _ scope: Scope) -> Term.Form {
        switch path[0] {
        case "loop": return loop(path, expression, scope)
        case "slot":
            guard let use = scope.component, path.count <= 2 else {
                return broken(expression, "slot has a meaning only inside a component's file")
            }
            let name = path.count == 2 ? path[1] : ""
            return .slot(name, use.slots[name], use)
        default: break
        }
        switch scope.binding(path[0]) {
        case .value(let form)?: return follow(form, path.dropFirst(), expression)
        case .expression(let other, let home)?:
            return follow(resolve(other, home).form, path.dropFirst(), expression)
        case nil:
            // A tag round this gives a name that could not be read, which may be this one.
            if scope.binding(Expression.unreadName) != nil { return .broken }
            if scope.component != nil { return .absent(path[0]) }
            let names = Set(scope.visible).sorted().joined(separator: ", ")
            return broken(expression, "“\(path[0])” is not a name here; the names are \(names)")
        }
    }

    private func loop(_ path: [String], _ expression: Expression, _ scope: Scope) -> Term.Form {
        guard let loop = scope.loop else {
            return broken(expression, "there is no loop round this")
        }
        switch path.dropFirst() {
        case ["index"]: return .index(loop: loop)
        case ["first"]: return .first(loop: loop)
        case ["last"]: return .last(loop: loop)
        default: return broken(expression, "a loop has an index, a first and a last")
        }
    }

    /// From a value into the records within it.
    private func follow(
        _ form: Term.Form,
        _ path: ArraySlice<String>,
        _ expression: Expression
    ) -> Term.Form {
        var form = form
        for name in path {
            guard case .value(let register, let steps, let shape) = form else {
                switch form {
                case .absent, .broken: return form
                default:
                    return broken(
                        expression,
                        "there is no “\(name)” in this, since it is not a record"
                    )
                }
            }
            guard case .record(let record) = shape else {
                if case .unknown = shape {
                    return broken(
                        expression,
                        "the example gives no value here: give it one, so that “\(name)” is known"
                    )
                }
                return broken(expression, "there is no “\(name)” in \(shape.what)")
            }
            guard let slot = record.slot(name) else {
                let names = record.names.joined(separator: ", ")
                return broken(
                    expression,
                    "there is no “\(name)” in this record; its names are \(names)"
                )
            }
            let step = Term.Step(
                offset: Record.offset(ofSlot: slot),
                shape: steps.isEmpty ? nil : record
            )
            form = .value(register: register, steps: steps + [step], record.shapes[slot])
        }
        return form
    }

    private func filter(
        _ filter: Expression.Filter,
        _ inner: Term,
        _ expression: Expression
    ) -> Term.Form {
        if case .broken = inner.form { return .broken }
        switch filter {
        case .otherwise:
            switch inner.form {
            case .value, .absent, .constant, .filter(.join, _): return .filter(filter, inner)
            default: return broken(expression, "default is for a value that may be missing")
            }
        case .count, .join:
            if case .absent = inner.form { return inner.form }
            guard case .value(_, _, .list(let element)) = inner.form else {
                return broken(expression, "count and join are for lists")
            }
            if case .join = filter {
                switch element {
                case .text, .int: break
                default: return broken(expression, "join is for a list of texts or numbers")
                }
            }
            return .filter(filter, inner)
        }
    }

    private func equal(
        _ left: Term,
        _ right: Term,
        _ negated: Bool,
        _ expression: Expression
    ) -> Term.Form {
        let kinds = [left, right].map(comparable)
        if kinds.contains(.broken) { return .broken }
        if let bad = kinds.firstIndex(of: .refused) {
            return broken(
                [left, right][bad].origin,
                "only texts, numbers, and yes or no can be compared"
            )
        }
        if kinds[0] != kinds[1], !kinds.contains(.anything) {
            return broken(
                expression,
                "these two can never be the same: one is \(kinds[0].what), the other "
                    + "\(kinds[1].what)"
            )
        }
        return .equal(left, right, negated: negated)
    }

    private enum Comparable {
        case text
        case int
        case bool
        case anything
        case refused
        case broken

        var what: String {
            switch self {
            case .text: "a text"
            case .int: "a number"
            case .bool: "a yes or no"
            case .anything, .refused, .broken: "unknown"
            }
        }
    }

    private func comparable(_ term: Term) -> Comparable {
        switch term.form {
        case .constant(.text), .value(_, _, .text): .text
        case .constant(.int), .value(_, _, .int), .index, .filter(.count, _): .int
        case .constant(.bool), .value(_, _, .bool), .first, .last: .bool
        case .value(_, _, .unknown), .absent: .anything
        case .broken: .broken
        default: .refused
        }
    }

    /// What a loop's list is made of.
    func element(of term: Term) -> Shape? {
        switch term.form {
        case .value(_, _, .list(let element)):
            if element == nil {
                problem(
                    term.origin,
                    "the example's list is empty: give it an element, so that its names are known"
                )
            }
            return element
        case .broken: return nil
        case .absent(let name):
            problem(term.origin, absence(of: name))
            return nil
        case .value(_, _, .unknown):
            problem(term.origin, "the example gives no value here: give it a list with an element")
            return nil
        default:
            problem(term.origin, "a loop is over a list")
            return nil
        }
    }

    func absence(of name: String) -> String {
        "the component was not given “\(name)”: give it where it is used, or ask {% if "
            + "\(name) %} first"
    }
}
