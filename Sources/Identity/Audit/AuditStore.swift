import Basics
import Store

enum AuditStore {
    static func insert(
        _ entry: AuditEntry,
        position: Int64,
        in change: borrowing Change
    ) throws {
        try change.run(
            """
            INSERT INTO identity_audit
                (position, at, actor, on_behalf_of, permit, subject, action, kind, reference,
                 reason)
            VALUES
                (\(position), \(change.now), \(entry.actor), \(entry.onBehalfOf), \(entry.grant),
                 \(entry.subject), \(entry.action.rawValue), \(entry.kind.rawValue),
                 \(entry.reference), \(entry.reason.rawValue))
            """
        )
    }

    static func row(_ row: borrowing Row) throws -> AuditRow {
        AuditRow(
            position: try row[0],
            at: try row[1],
            actor: try row[2],
            onBehalfOf: try row[3],
            grant: try row[4],
            subject: try row[5],
            action: try code(row[6]),
            kind: try code(row[7]),
            reference: try row[8],
            reason: try code(row[9])
        )
    }

    private static func code<Code: RawRepresentable<String>>(_ text: String) throws -> Code {
        guard let code = Code(rawValue: text) else { throw UnknownCode(text: text) }
        return code
    }
}

/// The store holds a code that this version does not know.
struct UnknownCode: Error {
    let text: String
}
