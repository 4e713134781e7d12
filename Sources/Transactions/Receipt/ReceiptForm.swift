import Basics
import Web

/// What was typed about money that came in.
struct ReceiptForm: Sendable {
    static let largestPence: Int64 = 10_000_000
    static let textBytes = 300
    /// What is older is more often a wrong year than money that nobody saw for so long.
    static let longestAgoDays = 366

    let form: Form

    func checked(_ zone: CivilZone, at now: Instant) throws(FormErrors) -> Receipts.Plan {
        var errors = FormErrors()
        let amount = amount(&errors)
        let day = day(zone.day(of: now), &errors)
        let text = form["bank"]
        if text.isEmpty { errors.add("bank", Phrase("receipt.form.bank-missing")) }
        if text.utf8.count > Self.textBytes { errors.add("bank", Phrase("receipt.form.bank-long")) }
        guard errors.isEmpty, let amount, let day else { throw errors }
        return Receipts.Plan(
            amount: amount,
            day: day,
            receivedAt: zone.instant(day, .midnight),
            bankText: text,
            isAnother: form["again"] == "yes"
        )
    }

    private func amount(_ errors: inout FormErrors) -> Money? {
        guard !form["amount"].isEmpty else {
            errors.add("amount", Phrase("receipt.form.amount-missing"))
            return nil
        }
        guard let amount = Self.pounds(form["amount"]) else {
            errors.add("amount", Phrase("receipt.form.amount"))
            return nil
        }
        guard amount.minor <= Self.largestPence else {
            errors.add("amount", Phrase("receipt.form.amount-large"))
            return nil
        }
        return amount
    }

    private func day(_ today: CivilDay, _ errors: inout FormErrors) -> CivilDay? {
        guard !form["day"].isEmpty else {
            errors.add("day", Phrase("receipt.form.day-missing"))
            return nil
        }
        guard let day = CivilDay(typed: form["day"]) else {
            errors.add("day", Phrase("web.form.day"))
            return nil
        }
        guard day <= today else {
            errors.add("day", Phrase("receipt.form.day-to-come"))
            return nil
        }
        guard day >= today.adding(days: -Self.longestAgoDays) else {
            errors.add("day", Phrase("receipt.form.day-long-ago"))
            return nil
        }
        return day
    }

    /// "250", "250.5", "£1,250.00". A comma parts thousands and never pence: a sum that could be
    /// read in two ways is asked for again.
    static func pounds(_ text: String) -> Money? {
        let form = /£?\s*([0-9]{1,7}|[0-9]{1,3}(?:,[0-9]{3}){1,2})(?:\.([0-9]{1,2}))?/
        guard let match = text.wholeMatch(of: form),
            let whole = Int64(match.1.filter { $0 != "," })
        else { return nil }
        let part = match.2.map { $0.utf8.count == 1 ? "\($0)0" : String($0) } ?? "0"
        let pence = whole * 100 + (Int64(part) ?? 0)
        return pence > 0 ? .pence(pence) : nil
    }
}
