import Basics
import Identity

/// A line of the audit in plain words: "Read your visits", "because they give you support".
enum Deed {
    /// What was done, said to the person whose record it is.
    static func phrase(_ action: AuditAction, _ kind: RecordKind) -> Phrase {
        Phrase("deed.\(code(action, kind))")
    }

    /// The same, said to someone else.
    static func told(_ action: AuditAction, _ kind: RecordKind) -> Phrase {
        Phrase("audit.deed.\(code(action, kind))")
    }

    /// Why it was allowed, said to the person whose record it is.
    static func because(_ row: AuditRow) -> Phrase {
        Phrase("deed.because.\(code(row.reason, row.action, row.kind))")
    }

    static func toldBecause(_ row: AuditRow) -> Phrase {
        Phrase("audit.because.\(code(row.reason, row.action, row.kind))")
    }

    static func kind(_ kind: RecordKind) -> Phrase {
        Phrase("record.kind.\(kind.rawValue)")
    }

    /// Who it was, where it was nobody signed in.
    static func nobody(_ action: AuditAction) -> Phrase {
        switch action {
        case .signInFailed, .resetAsked: Phrase("record.someone")
        default: Phrase("record.the-platform")
        }
    }

    static var all: [Phrase] {
        AuditAction.allCases.flatMap { action in
            RecordKind.allCases.flatMap { kind in
                [phrase(action, kind), told(action, kind)]
                    + Reason.allCases.flatMap { reason in
                        ["deed", "audit"].map {
                            Phrase("\($0).because.\(code(reason, action, kind))")
                        }
                    }
            }
        } + RecordKind.allCases.map(kind)
    }

    /// Where the thing itself is, for the person whose record it is.
    static func path(_ row: AuditRow) -> String? {
        guard let reference = row.reference else { return nil }
        let id = Identifier<AuditRow>(rawValue: reference)
        switch row.kind {
        case .booking: return "/bookings/\(id)"
        case .careLog: return "/care-logs/\(id)"
        case .grant: return "/grants"
        case .money, .payment, .entry: return "/money"
        case .hat: return "/hats"
        case .name, .contact, .visits, .notes, .team, .audit, .account, .session: return nil
        }
    }

    /// One word is not enough where an action is done to things of several kinds.
    private static func code(_ action: AuditAction, _ kind: RecordKind) -> String {
        switch (action, kind) {
        case (.viewed, _), (.paid, .money), (.adjusted, .money), (.asked, .team), (.asked, .hat),
            (.allowed, .team), (.allowed, .hat), (.declined, .team), (.declined, .hat),
            (.cancelled, .hat):
            "\(action.rawValue).\(kind.rawValue)"
        default: action.rawValue
        }
    }

    private static func code(
        _ reason: Reason,
        _ action: AuditAction,
        _ kind: RecordKind
    ) -> String {
        switch (reason, action, kind) {
        case (.platform, .signInFailed, _), (.platform, .resetAsked, _): "platform.so-you-know"
        case (.platform, .paid, .money): "platform.paid-in"
        case (.platform, .tokenMade, _), (.platform, .tokenStopped, _), (.platform, _, .hat):
            "platform.told"
        case (.administers, .paid, .money), (.administers, .adjusted, .money),
            (.administers, .posted, _):
            "administers.posted"
        case (.administers, .paid, _): "administers.paid"
        case (.administers, _, .hat): "administers.hat"
        case (.givesSupport, .asked, .team), (.arranges, .asked, .team): "asked.team"
        case (.givesSupport, .allowed, .team), (.arranges, .allowed, .team),
            (.givesSupport, .declined, .team), (.arranges, .declined, .team):
            "answered.team"
        default: reason.rawValue
        }
    }
}
