import Basics
import Crypto

/// What stands in a link that a letter carries: an id and the proof that we made it, so that what
/// is stored opens nothing.
struct LinkToken<Entity>: Sendable {
    let key: [UInt8]
    /// What the link is for, so that none does for another.
    let purpose: String

    func text(for id: Identifier<Entity>) -> String {
        "\(id)-\(Base64URL.encode(Array(proof(id))))"
    }

    /// Nil for what we did not make.
    func id(of text: String) -> Identifier<Entity>? {
        let parts = text.split(separator: "-", maxSplits: 1)
        guard parts.count == 2, let id = Identifier<Entity>(parts[0]),
            let shown = Base64URL.decode(String(parts[1])),
            constantTimeEqual(shown, Array(proof(id)))
        else { return nil }
        return id
    }

    private func proof(_ id: Identifier<Entity>) -> ArraySlice<UInt8> {
        HMAC.sha256(key: key, Array("\(purpose)\u{0}\(id)".utf8)).prefix(16)
    }
}
