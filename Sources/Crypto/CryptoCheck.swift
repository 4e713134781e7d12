import FoundationEssentials

/// Answers questions about cryptography, one JSON object a line, so that the very calls that the
/// product uses can be held against published vectors. Bytes are in hexadecimal.
package enum CryptoCheck {
    private struct Question: Decodable {
        var op: String
        var key: String?
        var iv: String?
        var aad: String?
        var ct: String?
        var tag: String?
        var msg: String?
        var sig: String?
        var ikm: String?
        var salt: String?
        var info: String?
        var password: String?
        var iterations: Int?
        var size: Int?
    }

    /// What was asked cannot be asked.
    private struct Malformed: Error {}

    private enum Outcome {
        case verdict(Bool)
        case out([UInt8])
        case skip
    }

    package static func answer(line: String) -> String {
        guard let question = try? JSONDecoder().decode(Question.self, from: Data(line.utf8)) else {
            return "{\"ok\":false}"
        }
        switch try? outcome(question) {
        case .verdict(let truth): return "{\"ok\":\(truth)}"
        case .out(let bytes): return "{\"ok\":true,\"out\":\"\(Hex.encode(bytes))\"}"
        case .skip: return "{\"skip\":true}"
        case nil: return "{\"ok\":false}"
        }
    }

    private static func outcome(_ question: Question) throws -> Outcome {
        switch question.op {
        case "aes-256-gcm-open":
            let tag = try bytes(question.tag)
            // Ours are whole tags and no others.
            guard tag.count == AESGCM.tagCount else { throw Malformed() }
            return .out(
                try AESGCM.open(
                    try bytes(question.ct) + tag,
                    key: try key(question),
                    nonce: try bytes(question.iv),
                    context: try optional(question.aad)
                )
            )
        case "aes-256-gcm-seal":
            return .out(
                try AESGCM.seal(
                    try bytes(question.msg),
                    key: try key(question),
                    nonce: try bytes(question.iv),
                    context: try optional(question.aad)
                )
            )
        case "hmac-sha256":
            let code = HMAC.sha256(key: try bytes(question.key), try bytes(question.msg))
            return .out(try cut(code, question.size))
        case "hmac-sha1":
            let code = HMAC.sha1(key: try bytes(question.key), try bytes(question.msg))
            return .out(try cut(code, question.size))
        case "hkdf-sha256":
            guard let size = question.size, (0...255 * 32).contains(size) else { throw Malformed() }
            return .out(
                HKDF.sha256(
                    key: try bytes(question.ikm),
                    salt: try optional(question.salt),
                    info: try optional(question.info),
                    count: size
                )
            )
        case "pbkdf2-sha256":
            guard let iterations = question.iterations, (1...10_000_000).contains(iterations),
                let size = question.size, (1...1024).contains(size)
            else { throw Malformed() }
            return .out(
                try PBKDF2.sha256(
                    password: try bytes(question.password),
                    salt: try optional(question.salt),
                    iterations: iterations,
                    count: size
                )
            )
        case "ecdsa-p256-verify":
            return .verdict(
                ECDSAP256.verifies(
                    try bytes(question.sig),
                    of: try bytes(question.msg),
                    by: try bytes(question.key)
                )
            )
        case "ed25519-verify":
            return .verdict(
                Ed25519.verifies(
                    try bytes(question.sig),
                    of: try bytes(question.msg),
                    by: try bytes(question.key)
                )
            )
        // Nothing of the product reads a signed token yet.
        default: return .skip
        }
    }

    private static func bytes(_ text: String?) throws -> [UInt8] {
        guard let text, let bytes = Hex.decode(text) else { throw Malformed() }
        return bytes
    }

    /// What may be left out, and is empty then.
    private static func optional(_ text: String?) throws -> [UInt8] { try bytes(text ?? "") }

    private static func key(_ question: Question) throws -> SecretKey {
        let bytes = try bytes(question.key)
        guard bytes.count == 32 else { throw Malformed() }
        return SecretKey(bytes: bytes)
    }

    /// A code may be asked for in part: sizes over 64 are in bits, as published vectors give them.
    private static func cut(_ code: [UInt8], _ size: Int?) throws -> [UInt8] {
        guard let size else { return code }
        let count = size > 64 ? size / 8 : size
        guard (1...code.count).contains(count) else { throw Malformed() }
        return Array(code.prefix(count))
    }
}
