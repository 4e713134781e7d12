import Basics
import Identity

/// A line of the audit in plain words: "Read your visits", "because she is on your team".
enum Deed {
    /// What was done, said to the person whose record it is.
    static func phrase(_ action: AuditAction, _ kind: RecordKind) -> Phrase {
        switch action {
        case .viewed: Phrase("deed.viewed.\(kind.rawValue)")
        case .asked where kind == .team: Phrase("deed.asked.team")
        case .allowed where kind == .team: Phrase("deed.allowed.team")
        case .declined where kind == .team: Phrase("deed.declined.team")
        case .made, .moved, .cancelled, .logged, .confirmed, .adjusted, .paid, .asked, .allowed,
            .declined, .stopped, .ended, .registered, .verified, .signedIn, .signInFailed,
            .signedOut, .refused, .posted, .tokenMade, .tokenStopped:
            Phrase("deed.\(action.rawValue)")
        }
    }

    static func because(_ reason: Reason) -> Phrase {
        Phrase("deed.because.\(reason.rawValue)")
    }

    static func kind(_ kind: RecordKind) -> Phrase {
        Phrase("record.kind.\(kind.rawValue)")
    }

    static func action(_ action: AuditAction) -> Phrase {
        Phrase("audit.action.\(action.rawValue)")
    }

    static var all: [Phrase] {
        AuditAction.allCases.flatMap { action in
            RecordKind.allCases.map { phrase(action, $0) } + [Deed.action(action)]
        } + Reason.allCases.map(because) + RecordKind.allCases.map(kind)
    }

    /// Where the thing itself is, for someone who may see it.
    static func path(_ row: AuditRow) -> String? {
        guard let reference = row.reference else { return nil }
        let id = Identifier<AuditRow>(rawValue: reference)
        switch row.kind {
        case .booking: return "/bookings/\(id)"
        case .careLog: return "/care-logs/\(id)"
        case .grant: return "/grants"
        case .name, .contact, .visits, .notes, .money, .team, .audit, .account, .session,
            .payment, .entry:
            return nil
        }
    }
}
