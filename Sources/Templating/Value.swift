/// What a template can draw or ask about.
package enum Value: Sendable {
    /// Nothing: false in a condition, and an error where it would be drawn.
    case none
    case text(String)
    case int(Int)
    /// Only for conditions.
    case bool(Bool)
    case list([Value])
    case record(Record)
    case html(SafeHTML)
}

extension Value {
    package static func list(_ records: [Record]) -> Value {
        .list(records.map { .record($0) })
    }

    package static func list(_ texts: [String]) -> Value {
        .list(texts.map { .text($0) })
    }

    package static func optional(_ text: String?) -> Value {
        text.map { .text($0) } ?? .none
    }

    package static func optional(_ number: Int?) -> Value {
        number.map { .int($0) } ?? .none
    }

    package static func optional(_ record: Record?) -> Value {
        record.map { .record($0) } ?? .none
    }

    package static func optional(_ html: SafeHTML?) -> Value {
        html.map { .html($0) } ?? .none
    }
}

extension Value: ExpressibleByStringInterpolation {
    package init(stringLiteral text: String) {
        self = .text(text)
    }
}

extension Value: ExpressibleByIntegerLiteral {
    package init(integerLiteral number: Int) {
        self = .int(number)
    }
}

extension Value: ExpressibleByBooleanLiteral {
    package init(booleanLiteral truth: Bool) {
        self = .bool(truth)
    }
}

extension Value: ExpressibleByArrayLiteral {
    package init(arrayLiteral values: Value...) {
        self = .list(values)
    }
}

extension Value: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral fields: (StaticString, Value)...) {
        self = .record(Record(fields: fields))
    }
}
