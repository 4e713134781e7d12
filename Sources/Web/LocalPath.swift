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

    /// As the value of a field in a query, which is read as that of a form.
    var inQuery: String {
        var spelt = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "%": spelt += "%25"
            case "&": spelt += "%26"
            case "+": spelt += "%2B"
            case "#": spelt += "%23"
            case ";": spelt += "%3B"
            default: spelt.unicodeScalars.append(scalar)
            }
        }
        return spelt
    }
}
