package import Basics

/// What was wrong with a form, in the order of its fields. Thrown by a form's `checked()`.
package struct FormErrors: Error, Sendable {
    package struct Entry: Sendable {
        package let field: String
        package let phrase: Phrase
    }

    package private(set) var entries: [Entry] = []

    package init() {}

    package init(_ field: String, _ phrase: Phrase) {
        add(field, phrase)
    }

    package var isEmpty: Bool { entries.isEmpty }

    /// One problem a field is enough: the first.
    package mutating func add(_ field: String, _ phrase: Phrase) {
        guard self[field] == nil else { return }
        entries.append(Entry(field: field, phrase: phrase))
    }

    package subscript(field: String) -> Phrase? {
        entries.first { $0.field == field }?.phrase
    }

    package func throwIfAny() throws(FormErrors) {
        guard isEmpty else { throw self }
    }
}
