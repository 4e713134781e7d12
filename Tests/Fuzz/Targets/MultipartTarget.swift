@testable import HTTPServer

/// Forms with files. The first line of an input is the Content-Type field, the rest the body:
/// every part lies within it, apart from the others and without a delimiter in it, whether the
/// body is in memory or in a file; and written again the form reads the same.
enum MultipartTarget {
    static func check(_ bytes: [UInt8]) throws {
        let split = bytes.firstIndex(of: 0x0A) ?? bytes.endIndex
        let field = String(decoding: bytes[..<split], as: UTF8.self)
        let body = Array(bytes[split...].dropFirst())
        try checkParameters(field)
        guard let boundary = FieldParameters(field, kind: "multipart/form-data")?["boundary"]
        else { return }
        let whole = Result { try read(.bytes(body), field) }
        if InputNumbers(bytes).isOneOf(16) {
            let spooled = Result { try read(.file(try spool(body)), field) }
            try same((try? spooled.get()) ?? [], (try? whole.get()) ?? [], "from a file")
        }
        guard case .success(let parts) = whole else { return }
        try hold(parts.count <= limits.parts, "as many parts as are allowed")
        let delimiter = Array("\r\n--\(boundary)".utf8)
        for part in parts {
            let isApart = !part.content.indices.contains {
                part.content[$0...].starts(with: delimiter)
            }
            try hold(isApart, "no delimiter within a part")
        }
        let again = try read(.bytes(written(parts, boundary)), field)
        try same(again, parts, "written again")
    }

    private static func checkParameters(_ text: String) throws {
        for kind in ["form-data", "multipart/form-data"] {
            guard let read = FieldParameters(text, kind: kind) else { continue }
            for name in ["name", "filename", "boundary"] {
                guard let value = read[name] else { continue }
                let field = FieldParameters("\(kind); \(name)=\(quoted(value))", kind: kind)
                try same(field?[name], value, name)
            }
        }
    }

    private struct Read: Equatable {
        let name: String
        let fileName: String?
        let contentType: String?
        let content: [UInt8]
    }

    private static let limits: Multipart.Limits = {
        var limits = Multipart.Limits()
        limits.parts = 5
        limits.partHeadBytes = 200
        limits.fieldBytes = 64
        return limits
    }()

    private static func read(_ body: HTTPBody, _ field: String) throws -> [Read] {
        let form = try Multipart(body, contentType: field, limits: limits)
        var end = 0
        for part in form.parts {
            try hold(part.range.lowerBound > end, "one after another")
            try hold(part.range.upperBound <= body.count, "within the body")
            end = part.range.upperBound
        }
        if let fields = try? form.fields() {
            try same(
                fields.fields.map(\.name),
                form.parts.filter { $0.fileName == nil }.map(\.name),
                "the fields"
            )
            let isText = fields.fields.allSatisfy {
                $0.value.utf8.count <= 64 && !$0.value.utf8.contains(0)
            }
            try hold(isText, "a field is a short text")
        }
        return try form.parts.map { part in
            Read(
                name: part.name,
                fileName: part.fileName,
                contentType: part.contentType,
                content: try form.read(part, 0..<part.range.count)
            )
        }
    }

    private static func spool(_ body: [UInt8]) throws -> SpooledFile {
        let writer = try SpooledFile.Writer(folder: "/tmp", room: SpoolRoom(.max))
        for byte in body { try writer.append([byte]) }
        return try writer.finish()
    }

    private static func written(_ parts: [Read], _ boundary: String) -> [UInt8] {
        parts.flatMap { part -> [UInt8] in
            var head = "--\(boundary)\r\nContent-Disposition: form-data; name=\(escaped(part.name))"
            if let fileName = part.fileName { head += "; filename=\(escaped(fileName))" }
            if let type = part.contentType { head += "\r\nContent-Type: \(type)" }
            return Array("\(head)\r\n\r\n".utf8) + part.content + [0x0D, 0x0A]
        } + Array("--\(boundary)--".utf8)
    }

    /// As browsers write a name.
    private static func escaped(_ text: String) -> String {
        let escapes: [Unicode.Scalar: String] = ["\"": "%22", "\r": "%0D", "\n": "%0A"]
        return quoted(
            text.unicodeScalars.map { escapes[$0] ?? String(Character($0)) }.joined()
        )
    }

    private static func quoted(_ text: String) -> String {
        let marks: [Unicode.Scalar] = ["\"", "\\"]
        let inside = text.unicodeScalars.map {
            (marks.contains($0) ? "\\" : "") + String(Character($0))
        }
        return "\"\(inside.joined())\""
    }
}
