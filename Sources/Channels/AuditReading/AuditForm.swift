import Basics
import Identity
import Web

/// The filter as it was typed, or as it stands in the address.
struct AuditForm: Sendable {
    struct Checked: Sendable {
        let from: CivilDay?
        let until: CivilDay?
        let person: Person.ID?
        let kind: RecordKind?
    }

    let form: Form

    /// A filter that cannot be understood is never left out: the page would show more than was
    /// asked for.
    func checked(
        _ person: (String) throws -> Person.ID?
    ) throws -> Checked {
        var errors = FormErrors()
        let from = day("from", &errors)
        let until = day("until", &errors)
        if let from, let until, until < from {
            errors.add("until", Phrase("audit.form.reversed"))
        }
        let name = form["person"]
        let found = name.isEmpty ? nil : try person(name)
        if !name.isEmpty, found == nil { errors.add("person", Phrase("audit.form.unknown")) }
        let kind = RecordKind(rawValue: form["kind"])
        if !form["kind"].isEmpty, kind == nil {
            errors.add("kind", Phrase("audit.form.unknown-kind"))
        }
        try errors.throwIfAny()
        return Checked(from: from, until: until, person: found, kind: kind)
    }

    private func day(_ field: String, _ errors: inout FormErrors) -> CivilDay? {
        guard !form[field].isEmpty else { return nil }
        guard let day = CivilDay(typed: form[field]) else {
            errors.add(field, Phrase("web.form.day"))
            return nil
        }
        return day
    }
}

extension AuditForm.Checked {
    /// Only what can be spelt in one way stands in the address, and a person by their id, since no
    /// name belongs there.
    func path(before position: Int64? = nil) -> String {
        var parts: [String] = []
        if let from { parts.append("from=\(from)") }
        if let until { parts.append("until=\(until)") }
        if let person { parts.append("person=\(person)") }
        if let kind { parts.append("kind=\(kind.rawValue)") }
        if let position { parts.append("before=\(position)") }
        return parts.isEmpty ? "/audit" : "/audit?" + parts.joined(separator: "&")
    }

    /// The same question about one person.
    func path(of person: Person.ID) -> String {
        AuditForm.Checked(from: from, until: until, person: person, kind: kind).path()
    }

    func filter(in zone: CivilZone) -> AuditFilter {
        var filter = AuditFilter()
        filter.from = from.map { zone.instant($0, .midnight) }
        filter.until = until.map { zone.instant($0.adding(days: 1), .midnight) }
        filter.person = person
        filter.kind = kind
        return filter
    }
}
