/// An expression whose names have been given their meaning.
struct Term {
    let form: Form
    /// The expression as it was written, which may be in another file than where it is used.
    let origin: Expression
    /// Its truth, when it is known before anything is drawn. Found once: a term is asked for it
    /// by everything it stands in.
    let truth: Bool?

    init(_ form: Form, origin: Expression) {
        self.form = form
        self.origin = origin
        truth = form.truth
    }

    /// How many pieces drawing it may take.
    var size: Int {
        switch form {
        case .words(_, _, let size): size
        case .constant(.text(let text)): Templating.pieces(ofText: text.utf8.count)
        case .filter(.otherwise(let text), let inner):
            inner.size + Templating.pieces(ofText: text.utf8.count)
        default: 1
        }
    }

    /// Whether there is nothing to draw, when that is known before anything is drawn.
    var isMissing: Bool? {
        switch form {
        case .constant(let value): value.isMissing
        case .absent: true
        case .value, .filter: nil
        default: false
        }
    }

    indirect enum Form {
        case constant(Value)
        /// From a register, through records. Without a step it is the register's own record.
        case value(register: Int, steps: [Step], Shape)
        case index(loop: Int)
        case first(loop: Int)
        case last(loop: Int)
        /// `size` is how many pieces it may take in whichever language takes most.
        case words(String, [(name: String, value: Term)], size: Int)
        /// A component's slot, with what was put into it.
        case slot(String, [Node]?, ComponentUse)
        /// An argument that the component's user did not give.
        case absent(String)
        case filter(Expression.Filter, Term)
        case not(Term)
        case all([Term])
        case any([Term])
        case equal(Term, Term, negated: Bool)
        /// There is a problem with it, already noted.
        case broken
    }

    /// A value inside a record: how many bytes from its first field; and the shape of that record,
    /// unless it is the register's own.
    struct Step {
        let offset: Int
        let shape: RecordShape?
    }
}

extension Term.Form {
    fileprivate var truth: Bool? {
        switch self {
        case .constant(.text(let text)): return !text.isEmpty
        case .constant(.int(let number)): return number != 0
        case .constant(.bool(let truth)): return truth
        case .constant: return false
        case .value(_, let steps, _): return steps.isEmpty ? true : nil
        case .index: return true
        case .first, .last, .broken: return nil
        case .words: return true
        case .slot(_, let content, _): return content != nil
        case .absent: return false
        case .filter(.otherwise(let text), let inner): return text.isEmpty ? inner.truth : true
        case .filter: return nil
        case .not(let inner): return inner.truth.map(!)
        case .all(let parts):
            if parts.contains(where: { $0.truth == false }) { return false }
            return parts.allSatisfy { $0.truth == true } ? true : nil
        case .any(let parts):
            if parts.contains(where: { $0.truth == true }) { return true }
            return parts.allSatisfy { $0.truth == false } ? false : nil
        case .equal(let left, let right, let negated):
            if case .absent = left.form { return negated }
            if case .absent = right.form { return negated }
            guard case .constant(let mine) = left.form, case .constant(let theirs) = right.form
            else {
                return nil
            }
            return mine.isSame(as: theirs) != negated
        }
    }
}

extension Value {
    /// As `==` in a template sees it: values of different kinds are not the same.
    func isSame(as other: Value) -> Bool {
        switch (self, other) {
        case (.text(let mine), .text(let theirs)): mine == theirs
        case (.int(let mine), .int(let theirs)): mine == theirs
        case (.bool(let mine), .bool(let theirs)): mine == theirs
        default: false
        }
    }

    /// As `if` in a template sees it.
    var isTrue: Bool {
        switch self {
        case .none: false
        case .text(let text): !text.isEmpty
        case .int(let number): number != 0
        case .bool(let truth): truth
        case .list(let values): !values.isEmpty
        case .record: true
        case .html(let html): !html.html.isEmpty
        }
    }

    /// As `default` in a template sees it: a number is there even when it is 0.
    var isMissing: Bool {
        switch self {
        case .int, .bool: false
        default: !isTrue
        }
    }
}
