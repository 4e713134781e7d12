import Basics
import Crypto
package import ProofLog
package import Store

/// What came of holding a person's lines against the proof log.
package struct AuditProof: Sendable {
    package let checked: Int
    /// How many of them tell of what the person did, which the list of others leaves out.
    package let own: Int
    package let changed: Int
    package let logSize: Int64
    /// The root of the whole log, in base64: what a signed checkpoint of this size must show.
    package let root: String

    package init(checked: Int, own: Int, changed: Int, logSize: Int64, root: String) {
        self.checked = checked
        self.own = own
        self.changed = changed
        self.logSize = logSize
        self.root = root
    }
}

extension Audit {
    /// Recomputes the leaf of every line about the person and compares it with the log's.
    package static func check(
        _ disclosure: Disclosure,
        in data: borrowing Snapshot
    ) throws -> AuditProof {
        let rows = try data.all(
            """
            SELECT position, at, actor, on_behalf_of, permit, subject, action, kind, reference,
                   reason
            FROM identity_audit
            WHERE subject = \(disclosure.subject)
               OR subject IS NULL AND action = 'viewed' AND kind = 'audit'
                  AND position > (SELECT min(position) FROM identity_audit
                                  WHERE subject = \(disclosure.subject))
            ORDER BY position
            """,
            AuditStore.row
        )
        var changed = 0
        for row in rows {
            let canonical = AuditEntry(row).canonical(at: row.at)
            if try !log.holds(canonical, at: row.position, in: data) { changed += 1 }
        }
        return AuditProof(
            checked: rows.count,
            own: rows.filter { $0.actor == disclosure.subject }.count,
            changed: changed,
            logSize: try log.size(in: data),
            root: Base64.encode(try log.root(in: data))
        )
    }

    /// Every line as the proof log should hold it, in order, for `kith verify`.
    package static func verify(in data: borrowing Snapshot) throws -> [ProofProblem] {
        var proof = try ProofCheck(of: log, in: data)
        try data.each(
            """
            SELECT position, at, actor, on_behalf_of, permit, subject, action, kind, reference,
                   reason
            FROM identity_audit
            ORDER BY position
            """
        ) { found in
            let row = try AuditStore.row(found)
            try proof.add(
                AuditEntry(row).canonical(at: row.at),
                at: row.position,
                "identity_audit row \(row.position)",
                in: data
            )
        }
        return try proof.end(in: data)
    }
}

extension AuditEntry {
    init(_ row: AuditRow) {
        self.init(
            actor: row.actor,
            onBehalfOf: row.onBehalfOf,
            grant: row.grant,
            subject: row.subject,
            action: row.action,
            kind: row.kind,
            reference: row.reference,
            reason: row.reason
        )
    }
}
