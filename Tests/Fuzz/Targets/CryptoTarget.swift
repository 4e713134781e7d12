import Crypto
import Foundation

@testable import Web

/// Spellings of bytes, tokens, and questions about cryptography: any line gets one line of JSON,
/// and what is decoded has one spelling.
enum CryptoTarget {
    static func check(_ bytes: [UInt8]) throws {
        try same(Hex.decode(Hex.encode(bytes)), bytes, "hexadecimal")
        try same(Base64.decode(Base64.encode(bytes)), bytes, "Base64")
        try same(Base64URL.decode(Base64URL.encode(bytes)), bytes, "Base64 for URLs")
        let text = String(decoding: bytes, as: UTF8.self)
        if let read = Hex.decode(text) { try same(Hex.encode(read), text.lowercased(), "hex") }
        if let read = Base64.decode(text) { try same(Base64.encode(read), text, "Base64") }
        if let read = Base64URL.decode(text) { try same(Base64URL.encode(read), text, "of URLs") }
        try hold(flash.opened(text) == nil, "nothing unsigned is shown")
        // Passwords are hashed many times over on purpose: that is no work for a fuzzer.
        guard !text.contains("pbkdf2") else { return }
        let answer = CryptoCheck.answer(line: text)
        try hold(!answer.utf8.contains(0x0A), "one line")
        let json = try JSONSerialization.jsonObject(with: Data(answer.utf8)) as? [String: Any]
        try hold(json?["ok"] is Bool || json?["skip"] is Bool, "an answer: \(answer)")
        try same(CryptoCheck.answer(line: text), answer, "asked again")
    }

    private static let flash = Flash(key: [UInt8](repeating: 7, count: 32))
}
