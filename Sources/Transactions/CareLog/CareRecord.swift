import Basics
import Identity
package import ProofLog
package import Store

/// What the leaves of the proof log "care" are made of: every field of a version or of a
/// confirmation. A note counts by its ciphertext, so that erasing it breaks no proof.
enum CareRecord {
    static func version(
        _ version: CareLog.Version,
        of id: CareLog.ID,
        _ giver: Person.ID,
        _ receiver: Person.ID,
        _ rate: Money?
    ) -> [UInt8] {
        var record = CanonicalRecord()
        record.add("version")
        record.add(id.rawValue)
        record.add(Int64(version.number))
        record.add(giver.rawValue)
        record.add(receiver.rawValue)
        record.add(rate?.minor)
        record.add(version.writtenBy?.rawValue)
        record.add(version.writtenAt.milliseconds)
        record.add(version.startedAt.milliseconds)
        record.add(version.endedAt.milliseconds)
        record.add(version.tasks.map(\.rawValue).joined(separator: " "))
        record.add(version.note?.bytes)
        add(happened: version.happened, why: version.why?.bytes, to: &record)
        return record.bytes
    }

    /// Said only where there is something to say, so that what was written before these two were
    /// known still has its leaf.
    static func add(happened: Bool, why: [UInt8]?, to record: inout CanonicalRecord) {
        if !happened { record.add("did not happen") }
        if let why {
            record.add("why")
            record.add(why)
        }
    }

    static func confirmation(
        _ id: CareLog.ID,
        _ version: Int,
        _ side: Agreement.Side,
        by person: Person.ID,
        at time: Instant
    ) -> [UInt8] {
        var record = CanonicalRecord()
        record.add("confirmation")
        record.add(id.rawValue)
        record.add(Int64(version))
        record.add(side.rawValue)
        record.add(person.rawValue)
        record.add(time.milliseconds)
        return record.bytes
    }
}

extension CareLogs {
    /// Proves every version and confirmation against the proof log, and every state against its
    /// confirmations; or names what is not as it was written.
    package static func verify(in data: borrowing Snapshot) throws -> [ProofProblem] {
        var proof = try ProofCheck(of: log, in: data)
        try data.each(
            """
            SELECT position, care_log, transactions_care_log_version.version, giver, receiver,
                   rate, written_by, written_at, started_at, ended_at, tasks, note, happened,
                   why
            FROM transactions_care_log_version
            JOIN transactions_care_log ON transactions_care_log.id = care_log
            """
        ) { row in
            let position: Int64 = try row[0]
            let id: CareLog.ID = try row[1]
            let number: Int = try row[2]
            var record = CanonicalRecord()
            record.add("version")
            record.add(id.rawValue)
            record.add(Int64(number))
            for column in 3...9 {
                let value: Int64? = try row[column]
                record.add(value)
            }
            let tasks: String = try row[10]
            let note: [UInt8]? = try row[11]
            record.add(tasks)
            record.add(note)
            let happened: Bool = try row[12]
            let why: [UInt8]? = try row[13]
            CareRecord.add(happened: happened, why: why, to: &record)
            try proof.add(
                record.bytes,
                at: position,
                "transactions_care_log_version \(number) of \(id)",
                in: data
            )
        }
        try data.each(
            """
            SELECT position, care_log, version, side, person, confirmed_at
            FROM transactions_care_log_confirmation
            """
        ) { row in
            let position: Int64 = try row[0]
            let id: CareLog.ID = try row[1]
            let version: Int64 = try row[2]
            let side: String = try row[3]
            let person: Int64 = try row[4]
            let time: Int64 = try row[5]
            var record = CanonicalRecord()
            record.add("confirmation")
            record.add(id.rawValue)
            record.add(version)
            record.add(side)
            record.add(person)
            record.add(time)
            try proof.add(
                record.bytes,
                at: position,
                "transactions_care_log_confirmation by the \(side) of \(id)",
                in: data
            )
        }
        let states = try data.all(
            """
            SELECT id, state
            FROM transactions_care_log
            WHERE (state <> 'pending')
                  <> ((SELECT count(*) FROM transactions_care_log_confirmation AS given
                       WHERE given.care_log = transactions_care_log.id
                         AND given.version = transactions_care_log.version) = 2)
            """
        ) { row -> ProofProblem in
            let id: CareLog.ID = try row[0]
            let state: String = try row[1]
            return ProofProblem(
                "transactions_care_log \(id) says \(state), but its confirmations do not"
            )
        }
        return try proof.end(in: data) + states
    }
}
