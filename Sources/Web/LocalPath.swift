/// A path of this site that a person may be sent to after signing in or choosing a language.
/// Anything that a browser could take for another site is refused.
package struct LocalPath: Sendable {
    package let text: String

    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.first == 0x2F, bytes.count <= 1000, bytes.dropFirst().first != 0x2F,
            bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x5C })
        else { return nil }
        self.text = text
    }
}
