package import Basics
import Web

/// The rules for what a new person types about themselves (spec 4.1).
package enum PersonRules {
    package static func username(_ text: String) -> Phrase? {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty else { return Phrase("identity.username.missing") }
        guard (2...40).contains(bytes.count), bytes.allSatisfy(isLetterOrDigit) else {
            return Phrase("identity.username.letters")
        }
        return nil
    }

    /// Eight or more, one of them a digit; the commonest passwords are refused. No other rule:
    /// they only make passwords worse.
    package static func password(_ text: String) -> Phrase? {
        let count = text.unicodeScalars.count
        guard count >= 8 else { return Phrase("identity.password.short") }
        guard text.utf8.count <= 1024 else { return Phrase("identity.password.long") }
        guard text.utf8.contains(where: { (0x30...0x39).contains($0) }) else {
            return Phrase("identity.password.digit")
        }
        guard !CommonPasswords.contains(text) else { return Phrase("identity.password.common") }
        return nil
    }

    package static func email(_ text: String) -> Phrase? {
        guard !text.isEmpty else { return Phrase("identity.email.missing") }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        let isPlain = text.utf8.allSatisfy {
            $0 > 0x20 && $0 != 0x7F && !Array("<>,;:\"()[]\\".utf8).contains($0)
        }
        guard text.utf8.count <= 254, parts.count == 2, !parts[0].isEmpty, isPlain,
            isHost(parts[1])
        else { return Phrase("identity.email.shape") }
        return nil
    }

    package static func name(_ text: String, missing: String) -> Phrase? {
        guard !text.isEmpty else { return Phrase(missing) }
        guard text.count <= 50 else { return Phrase("identity.name.long") }
        return nil
    }

    private static func isHost(_ text: Substring) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        return labels.count >= 2 && labels.allSatisfy { !$0.isEmpty && $0.utf8.count <= 63 }
            && (labels.last?.utf8.count ?? 0) >= 2
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
            || (0x61...0x7A).contains(byte)
    }
}
