@testable import HTTPServer
@testable import Web

/// Forms and queries: within their limits, text throughout, and encoded again they read the same.
enum FormTarget {
    static func check(_ bytes: [UInt8]) throws {
        let data: FormData
        do throws(BadForm) {
            data = try FormData(urlEncoded: bytes, most: 20)
        } catch {
            return
        }
        try hold(data.fields.count <= 20, "as many fields as are allowed")
        let text = data.fields.map { "\(escaped($0.name))=\(escaped($0.value))" }
            .joined(separator: "&")
        let again = try FormData(query: text)
        try same(again.fields.map(\.name), data.fields.map(\.name), "the names, encoded again")
        try same(again.fields.map(\.value), data.fields.map(\.value), "the values, encoded again")
        let form = Form(data)
        for (name, value) in data.fields {
            try hold(!(name + value).utf8.contains(0), "no NUL")
            try hold(form.has(name) && form.all(name).contains(value), "nothing is lost")
            let trimmed = form[name]
            try hold(
                trimmed.first?.isWhitespace != true && trimmed.last?.isWhitespace != true,
                "no blanks round what was typed"
            )
            try hold(form.exact(name).contains(trimmed), "nothing is made up")
        }
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { "%" + (String(UInt16($0) | 0x100, radix: 16).dropFirst()) }.joined()
    }
}
