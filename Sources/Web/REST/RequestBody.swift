import Basics
import HTTPServer

extension Request {
    /// What a program sent, or the problem with it: 415, 413, 400.
    package func json(atMostBytes limit: Int) throws -> JSON {
        let type = http.headers["content-type"] ?? ""
        let parts = type.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.first?.lowercased().filter({ $0 != " " }) == "application/json" else {
            throw Problem(
                415,
                Phrase("web.rest.not-json"),
                headers: [("accept-post", "application/json")]
            )
        }
        // Unpacked it could be of any length.
        if let coding = http.headers["content-encoding"], coding.lowercased() != "identity" {
            throw Problem(
                415,
                Phrase("web.rest.encoded"),
                headers: [("accept-post", "application/json"), ("accept-encoding", "identity")]
            )
        }
        guard http.body.count <= limit, let bytes = http.body.bytes else {
            throw Problem(413, Phrase("web.rest.too-large", ["count": .number(limit)]))
        }
        do throws(JSONReader.Malformed) {
            return try JSONReader.read(bytes)
        } catch {
            throw Problem(
                400,
                Phrase("web.rest.malformed", ["offset": .number(error.offset)]),
                name: "malformed-json"
            )
        }
    }

    /// What makes a post happen once, however often it is sent. Written bare or as the string
    /// that the draft of the standard asks for; both mean the same.
    package func idempotencyKey() throws -> String {
        guard let text = http.headers["idempotency-key"] else {
            throw Problem(400, Phrase("web.rest.key-needed"), name: "idempotency-key-needed")
        }
        let isQuoted = text.utf8.count >= 2 && text.hasPrefix("\"") && text.hasSuffix("\"")
        let key = isQuoted ? String(text.dropFirst().dropLast()) : text
        let isPlain = key.utf8.allSatisfy {
            (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
                && $0 != UInt8(ascii: ",")
        }
        guard isPlain, (1...255).contains(key.utf8.count) else {
            throw Problem(400, Phrase("web.rest.key-odd"), name: "idempotency-key-odd")
        }
        return key
    }
}
