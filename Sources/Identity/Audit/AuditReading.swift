package import Basics
package import Store

/// What an admin asks of the audit. Nil leaves a question open.
package struct AuditFilter: Sendable {
    package var from: Instant?
    package var until: Instant?
    package var person: Person.ID?
    package var action: AuditAction?
    package var kind: RecordKind?

    package init() {}
}

extension Audit {
    /// What others did with one person's record, and what was done in that person's name; newest
    /// first. What people do for themselves is not news to them.
    package static func about(
        _ disclosure: Disclosure,
        before position: Int64 = .max,
        limit: Int,
        in data: borrowing Snapshot
    ) throws -> [AuditRow] {
        let subject = disclosure.subject
        return try data.all(
            """
            SELECT position, at, actor, on_behalf_of, permit, subject, action, kind, reference,
                   reason
            FROM identity_audit
            WHERE subject = \(subject) AND position < \(position)
              AND (actor IS NULL OR actor <> \(subject))
            ORDER BY position DESC
            LIMIT \(limit)
            """,
            AuditStore.row
        )
    }

    /// Everything, for someone who administers; newest first.
    package static func all(
        _ filter: AuditFilter,
        before position: Int64 = .max,
        limit: Int,
        in data: borrowing Snapshot
    ) throws -> [AuditRow] {
        try data.all(
            """
            SELECT position, at, actor, on_behalf_of, permit, subject, action, kind, reference,
                   reason
            FROM identity_audit
            WHERE position < \(position)
              AND (\(filter.from) IS NULL OR at >= \(filter.from))
              AND (\(filter.until) IS NULL OR at < \(filter.until))
              AND (\(filter.person) IS NULL OR actor = \(filter.person)
                   OR subject = \(filter.person) OR on_behalf_of = \(filter.person))
              AND (\(filter.action?.rawValue) IS NULL OR action = \(filter.action?.rawValue))
              AND (\(filter.kind?.rawValue) IS NULL OR kind = \(filter.kind?.rawValue))
            ORDER BY position DESC
            LIMIT \(limit)
            """,
            AuditStore.row
        )
    }

    /// What stood at one place of the log, for a link from elsewhere.
    package static func count(in data: borrowing Snapshot) throws -> Int64 {
        try data.value("SELECT count(*) FROM identity_audit") ?? 0
    }
}
