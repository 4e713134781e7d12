import Basics
import HTTPServer
package import Templating

/// What was typed, kept as it was typed, so that a form that is refused comes back whole.
package struct Form: Sendable {
    private var values: [String: [String]]

    package init(_ pairs: [(String, String)] = []) {
        values = [:]
        for (name, value) in pairs { values[name, default: []].append(value) }
    }

    init(_ data: FormData) {
        self.init(data.fields.map { ($0.name, $0.value) })
    }

    static func posted(_ request: HTTPRequest) throws -> Form {
        let type = request.headers["content-type"]?.split(separator: ";").first ?? ""
        guard trimmed(String(type)).lowercased() == "application/x-www-form-urlencoded" else {
            throw NotAForm()
        }
        // Longer than anything that is typed, so it lies in a file.
        guard let bytes = request.body.bytes else { throw FormTooLong() }
        return Form(try FormData(urlEncoded: bytes))
    }

    /// The first value of that name without the blanks round it, or nothing at all.
    package subscript(name: String) -> String {
        guard let value = values[name]?.first else { return "" }
        return trimmed(value)
    }

    /// Exactly as typed: passwords may begin or end with a blank.
    package func exact(_ name: String) -> String {
        values[name]?.first ?? ""
    }

    package func all(_ name: String) -> [String] {
        values[name] ?? []
    }

    package func has(_ name: String) -> Bool {
        values[name] != nil
    }

    /// The field as a template's component draws it.
    package func field(_ name: String, _ errors: FormErrors, _ words: Words) -> Value {
        .record([
            "name": .text(name),
            "value": .text(self[name]),
            "error": .text(errors[name].map { words($0) } ?? ""),
        ])
    }
}

private func trimmed(_ text: String) -> String {
    let isBlank: (Character) -> Bool = { $0.isWhitespace }
    guard let start = text.firstIndex(where: { !isBlank($0) }),
        let end = text.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(text[start...end])
}

struct FormTooLong: Error {}

/// A post that is not what a form of ours sends.
struct NotAForm: Refusal {
    var kind: RefusalKind { .invalid }
    var phrase: Phrase { Phrase("web.refusal.not-a-form") }
}
