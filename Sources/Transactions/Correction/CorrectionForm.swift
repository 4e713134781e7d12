import Basics
import Web

/// Why money is taken back, as it was typed.
struct CorrectionForm: Sendable {
    static let whyBytes = 500

    let form: Form

    func checked() throws(FormErrors) -> String {
        let why = form["why"]
        guard !why.isEmpty else { throw FormErrors("why", Phrase("correction.why-missing")) }
        guard why.utf8.count <= Self.whyBytes else {
            throw FormErrors("why", Phrase("correction.why-long"))
        }
        return why
    }
}
