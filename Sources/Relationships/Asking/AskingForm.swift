import Basics
import Identity
import Web

/// What was typed to ask someone.
struct AskingForm: Sendable {
    let form: Form

    func checked() throws(FormErrors) -> Asking.Plan {
        var errors = FormErrors()
        if form["name"].contains("@") {
            errors.add("name", Phrase("asking.form.not-email"))
        } else if let problem = PersonRules.username(form["name"]) {
            let isMissing = form["name"].isEmpty
            errors.add("name", isMissing ? Phrase("asking.form.name-missing") : problem)
        }
        let role = Asking.Role(rawValue: form["role"])
        if role == nil { errors.add("role", Phrase("asking.form.role-missing")) }
        var rate: Money?
        if role?.kind == .carer, !form["rate"].isEmpty {
            rate = Self.pounds(form["rate"])
            if rate == nil { errors.add("rate", Phrase("asking.form.rate")) }
        }
        guard errors.isEmpty, let role else { throw errors }
        return Asking.Plan(name: form["name"], role: role, rate: rate)
    }

    /// "16", "16.5" or "£16.50", up to £500 an hour.
    static func pounds(_ text: String) -> Money? {
        guard let match = text.wholeMatch(of: /£?\s*([0-9]{1,3})(?:[.,]([0-9]{1,2}))?/),
            let whole = Int64(match.1)
        else { return nil }
        let part = match.2.map { $0.count == 1 ? "\($0)0" : String($0) } ?? "0"
        let pence = whole * 100 + (Int64(part) ?? 0)
        return (1...50_000).contains(pence) ? .pence(pence) : nil
    }
}
