import Basics
import Crypto

/// The proof, in each form, that it came from a page of ours shown to this same browser.
///
/// It is an HMAC over the session's or visitor's cookie, so nothing is stored. Each page shows
/// it under a fresh mask, since a secret that repeats in compressed pages can be guessed from
/// their length (BREACH).
struct FormToken: Sendable {
    static let field = "token"
    private static let length = 32

    private let key: KeyedHash
    private let random: RandomSource

    init(key: [UInt8], random: RandomSource) {
        self.key = KeyedHash(key: key)
        self.random = random
    }

    func masked(for binding: String) -> String {
        var shown = random.bytes(Self.length)
        let proof = proof(for: binding)
        shown.reserveCapacity(Self.length * 2)
        for place in 0..<Self.length { shown.append(shown[place] ^ proof[place]) }
        return Base64URL.encode(shown)
    }

    func accepts(_ text: String, for binding: String) -> Bool {
        guard let bytes = Base64URL.decode(text), bytes.count == Self.length * 2 else {
            return false
        }
        let shown = zip(bytes.prefix(Self.length), bytes.dropFirst(Self.length)).map { $0 ^ $1 }
        return constantTimeEqual(shown, proof(for: binding))
    }

    private func proof(for binding: String) -> [UInt8] {
        key.hash(Array("form\u{0}".utf8) + binding.utf8)
    }
}

/// A short sentence for the next page, carried in a signed cookie as a key of the locales.
struct Flash: Sendable {
    private let key: KeyedHash

    init(key: [UInt8]) {
        self.key = KeyedHash(key: key)
    }

    func sealed(_ phraseKey: String) -> String {
        "\(phraseKey)~\(signature(phraseKey))"
    }

    func opened(_ text: String) -> String? {
        let parts = text.split(separator: "~", maxSplits: 1)
        guard parts.count == 2, parts[1] == signature(String(parts[0])) else { return nil }
        return String(parts[0])
    }

    private func signature(_ phraseKey: String) -> String {
        Base64URL.encode(key.hash(Array("flash\u{0}\(phraseKey)".utf8)))
    }
}
