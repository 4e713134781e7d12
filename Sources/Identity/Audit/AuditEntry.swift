import Basics
import ProofLog

/// A line of the audit before it has its place and time.
struct AuditEntry: Hashable, Sendable {
    let actor: Person.ID?
    let onBehalfOf: Person.ID?
    let grant: Grant.ID?
    let subject: Person.ID?
    let action: AuditAction
    let kind: RecordKind
    let reference: Int64?
    let reason: Reason

    /// What the proof log's leaf is made of: every field, so that no byte of a row can change
    /// unseen.
    func canonical(at: Instant) -> [UInt8] {
        var record = CanonicalRecord()
        record.add(at.milliseconds)
        record.add(actor?.rawValue)
        record.add(onBehalfOf?.rawValue)
        record.add(grant?.rawValue)
        record.add(subject?.rawValue)
        record.add(action.rawValue)
        record.add(kind.rawValue)
        record.add(reference)
        record.add(reason.rawValue)
        return record.bytes
    }
}

extension AuditEntry {
    init(_ disclosure: Disclosure) {
        self.init(
            actor: disclosure.actor,
            onBehalfOf: disclosure.onBehalfOf,
            grant: disclosure.grant,
            subject: disclosure.subject,
            action: .viewed,
            kind: disclosure.kind,
            reference: disclosure.reference,
            reason: disclosure.reason
        )
    }
}
