package import Basics
package import ProofLog
package import Store
package import Web

/// What was done. Stored by its code and spoken by the locales.
package enum AuditAction: String, Sendable, CaseIterable {
    case viewed
    case made
    case moved
    case cancelled
    case logged
    case confirmed
    case adjusted
    case paid
    case asked
    case allowed
    case declined
    case stopped
    case ended
    case registered
    case verified
    case signedIn = "signed-in"
    case signInFailed = "sign-in-failed"
    case signedOut = "signed-out"
    case refused
    /// An entry came into the ledger by a program's request.
    case posted
    case tokenMade = "token-made"
    case tokenStopped = "token-stopped"
    case resetAsked = "reset-asked"
    case passwordReset = "password-reset"
}

/// One line of the audit: who, for whom, about whom, what, why, when. Never content (AUD-05).
package struct AuditRow: Sendable {
    package let position: Int64
    package let at: Instant
    package let actor: Person.ID?
    package let onBehalfOf: Person.ID?
    package let grant: Grant.ID?
    package let subject: Person.ID?
    package let action: AuditAction
    package let kind: RecordKind
    package let reference: Int64?
    package let reason: Reason
}

/// The trace of everything that was read or done. Rows are only ever added, each with its leaf in
/// the proof log, in the same change as what they tell of.
package enum Audit {
    package static let log = ProofLog(name: "audit")

    /// Records an act in the change that does it.
    package static func record(
        _ action: AuditAction,
        _ kind: RecordKind,
        reference: Int64? = nil,
        about subject: Person.ID,
        by acting: Acting,
        because reason: Reason,
        in change: borrowing Change
    ) throws {
        try append(
            AuditEntry(
                actor: acting.actor,
                onBehalfOf: acting.onBehalfOf,
                grant: acting.grant,
                subject: subject,
                action: action,
                kind: kind,
                reference: reference,
                reason: acting.grant == nil ? reason : .grant
            ),
            in: change
        )
    }

    /// Records what the platform did by itself, or what was done by someone not signed in.
    package static func record(
        _ action: AuditAction,
        _ kind: RecordKind,
        reference: Int64? = nil,
        about subject: Person.ID?,
        actor: Person.ID?,
        because reason: Reason,
        in change: borrowing Change
    ) throws {
        try append(
            AuditEntry(
                actor: actor,
                onBehalfOf: nil,
                grant: nil,
                subject: subject,
                action: action,
                kind: kind,
                reference: reference,
                reason: reason
            ),
            in: change
        )
    }

    /// The trace that `Web` commits before a page leaves.
    package static func trace(of request: Request) -> Site.TraceBody? {
        let trace =
            (request.identified as? SignedIn)?.trace ?? (request.identified as? Program)?.trace
        guard let entries = trace?.take(), !entries.isEmpty else { return nil }
        return { change in
            for entry in entries { try append(entry, in: change) }
        }
    }

    /// Writes what a person was shown, for acts that have no page of their own.
    package static func commit(_ person: SignedIn, in change: borrowing Change) throws {
        for entry in person.trace.take() { try append(entry, in: change) }
    }

    /// Someone known, or their program, was refused something that exists: that, too, is told.
    package static func refusal(of request: Request, _ refusal: any Refusal) -> Site.TraceBody? {
        let known =
            (request.identified as? SignedIn)?.id ?? (request.identified as? Program)?.person
        guard refusal.kind == .notAllowed, let person = known else { return nil }
        return { change in
            try record(
                .refused,
                .account,
                about: person,
                actor: person,
                because: .own,
                in: change
            )
        }
    }

    private static func append(_ entry: AuditEntry, in change: borrowing Change) throws {
        let position = try log.append(entry.canonical(at: change.now), in: change)
        try AuditStore.insert(entry, position: position, in: change)
    }
}
