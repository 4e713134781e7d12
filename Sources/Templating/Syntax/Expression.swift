/// What stands between the braces, or after `if`, as it was written.
struct Expression: Sendable {
    let form: Form
    /// Where it was written: the file's number and the byte.
    let file: Int
    let offset: Int

    indirect enum Form: Sendable {
        /// `visit.person.name`
        case name([String])
        case text(String)
        case number(Int)
        case truth(Bool)
        /// `t("bookings.title", name=person.name)`
        case words(String, [Argument])
        case filter(Filter, Expression)
        case not(Expression)
        case all([Expression])
        case any([Expression])
        case equal(Expression, Expression, negated: Bool)
        /// What stands there could not be read, which has been told.
        case broken
    }

    struct Argument: Sendable {
        let name: String
        let offset: Int
        let value: Expression
    }

    enum Filter: Sendable {
        case count
        case join(String)
        case otherwise(String)
    }
}

extension Expression {
    /// Words that join values.
    static let joining: Set<String> = ["and", "or", "not", "in"]

    /// Words that have a meaning of their own, so that nothing else can be named by them.
    static let reserved = joining.union(["true", "false", "t", "site", "slot", "loop"])

    /// Stands for a name that a tag would give, but that could not be read.
    static let unreadName = ""

    /// As how many pieces it counts, without what stands inside it.
    var size: Int {
        switch form {
        case .text(let text), .filter(.otherwise(let text), _):
            Templating.pieces(ofText: text.utf8.count)
        default: 1
        }
    }

    /// As it is named in messages.
    var spelling: String {
        switch form {
        case .name(let path): path.joined(separator: ".")
        case .text(let text): "\"\(text)\""
        case .number(let number): String(number)
        case .truth(let truth): String(truth)
        case .words(let key, _): "t(\"\(key)\")"
        case .filter(.count, let inner): "\(inner.spelling) | count"
        case .filter(.join, let inner): "\(inner.spelling) | join"
        case .filter(.otherwise, let inner): "\(inner.spelling) | default"
        case .not(let inner): "not \(inner.spelling)"
        case .all(let parts): parts.map(\.spelling).joined(separator: " and ")
        case .any(let parts): parts.map(\.spelling).joined(separator: " or ")
        case .equal(let left, let right, let negated):
            "\(left.spelling) \(negated ? "!=" : "==") \(right.spelling)"
        case .broken: ""
        }
    }

    /// Calls `body` for this and everything inside it.
    func walk(_ body: (Expression) -> Void) {
        body(self)
        switch form {
        case .name, .text, .number, .truth, .broken: break
        case .words(_, let arguments):
            for argument in arguments { argument.value.walk(body) }
        case .filter(_, let inner), .not(let inner): inner.walk(body)
        case .all(let parts), .any(let parts):
            for part in parts { part.walk(body) }
        case .equal(let left, let right, _):
            left.walk(body)
            right.walk(body)
        }
    }
}
