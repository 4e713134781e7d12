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

/// One reading of the audit by someone who administers.
///
/// It leaves one line that everyone finds in their own list, and one more for the person who was
/// asked about, in place of a line for each name on each page: among those the lines that matter
/// would drown.
package struct AuditReading: Sendable {
    /// Opens the names that stand in the lines. The reading's own line tells of them.
    private let acting: Acting
    private let records: Records

    fileprivate init(_ reader: SignedIn, _ records: Records) {
        acting = Acting(actor: reader.id, onBehalfOf: nil, grant: nil, trace: Trace())
        self.records = records
    }

    /// What someone in a line is called; nil where nobody is there any more.
    package func name(
        of person: Person.ID?,
        in data: borrowing Snapshot
    ) throws -> PersonName? {
        guard let person else { return nil }
        return try records.nameIfKnown(of: person, to: acting, in: data)
    }
}

extension Records {
    /// Begins a reading of everything, or of what concerns one person.
    package func readAudit(
        about person: Person.ID?,
        by reader: SignedIn,
        in data: borrowing Snapshot
    ) throws -> AuditReading {
        reader.trace.add(
            AuditEntry(
                actor: reader.id,
                onBehalfOf: nil,
                grant: nil,
                subject: nil,
                action: .viewed,
                kind: .audit,
                reference: nil,
                reason: .administers
            )
        )
        if let person { _ = try disclose(.audit, of: person, to: reader.acting, in: data) }
        return AuditReading(reader, self)
    }

    /// Who it was that stands in a line of the person's own list.
    package func name(
        ofReaderIn row: AuditRow,
        to person: SignedIn,
        in data: borrowing Snapshot
    ) throws -> PersonName? {
        guard row.subject == nil else {
            return try name(ofActorIn: row, to: person.acting, in: data)
        }
        // A reading of all was a reading of this person too.
        let own = AuditRow(
            position: row.position,
            at: row.at,
            actor: row.actor,
            onBehalfOf: row.onBehalfOf,
            grant: row.grant,
            subject: person.id,
            action: row.action,
            kind: row.kind,
            reference: row.reference,
            reason: row.reason
        )
        return try name(ofActorIn: own, to: person.acting, in: data)
    }
}

extension Audit {
    /// What others did with one person's record, and what was done in that person's name; newest
    /// first. What people do for themselves is not news to them. Who read the audit of all read
    /// theirs with it, so that stands in everyone's list, from when they joined; once, where the
    /// same reading also has a line about this person.
    package static func about(
        _ disclosure: Disclosure,
        before position: Int64 = .max,
        limit: Int,
        in data: borrowing Snapshot
    ) throws -> [AuditRow] {
        let subject = disclosure.subject
        let ofThem: SQL = "subject = \(subject) AND (actor IS NULL OR actor <> \(subject))"
        let ofAll: SQL = """
            subject IS NULL AND action = 'viewed' AND kind = 'audit'
            AND (actor IS NULL OR actor <> \(subject))
            AND position > (SELECT min(position) FROM identity_audit WHERE subject = \(subject))
            AND NOT EXISTS (SELECT 1 FROM identity_audit AS next
                            WHERE next.position = line.position + 1
                              AND next.subject = \(subject)
                              AND next.actor = line.actor AND next.kind = 'audit')
            """
        return try latest(ofEach: [ofThem, ofAll], before: position, limit: limit, in: data)
    }

    /// Everything, for someone who administers; newest first. What is asked of a person is found by
    /// an index. What is asked of a kind, an action or a time alone is looked for line by line, since
    /// an index for each would cost every disclosure: it is for a lane on which nobody waits.
    package static func all(
        _ filter: AuditFilter,
        before position: Int64 = .max,
        limit: Int,
        in data: borrowing Snapshot
    ) throws -> [AuditRow] {
        var asked: SQL = "TRUE"
        if let from = filter.from { asked = "\(asked) AND at >= \(from)" }
        if let until = filter.until { asked = "\(asked) AND at < \(until)" }
        if let action = filter.action { asked = "\(asked) AND action = \(action.rawValue)" }
        if let kind = filter.kind { asked = "\(asked) AND kind = \(kind.rawValue)" }
        guard let person = filter.person else {
            return try latest(ofEach: [asked], before: position, limit: limit, in: data)
        }
        let roles: [SQL] = [
            "subject = \(person) AND \(asked)", "actor = \(person) AND \(asked)",
            "on_behalf_of = \(person) AND \(asked)",
        ]
        return try latest(ofEach: roles, before: position, limit: limit, in: data)
    }

    /// The latest lines for which one of some conditions holds. The latest of each are looked for
    /// by themselves: for all of them at once the store would go back line by line through an
    /// audit that only ever grows.
    private static func latest(
        ofEach conditions: [SQL],
        before position: Int64,
        limit: Int,
        in data: borrowing Snapshot
    ) throws -> [AuditRow] {
        var found: SQL = "SELECT NULL WHERE FALSE"
        for condition in conditions {
            found = """
                \(found)
                UNION ALL
                SELECT position FROM (
                    SELECT position FROM identity_audit AS line
                    WHERE position < \(position) AND \(condition)
                    ORDER BY position DESC
                    LIMIT \(limit))
                """
        }
        return try data.all(
            """
            SELECT position, at, actor, on_behalf_of, permit, subject, action, kind, reference,
                   reason
            FROM identity_audit
            WHERE position IN (\(found))
            ORDER BY position DESC
            LIMIT \(limit)
            """,
            AuditStore.row
        )
    }
}
