import Basics
import Events
import Identity
import Relationships
import Store

/// The giver writes down what happened: the times, what was done together, a note. It is the
/// giver's confirmation as well; the receiver's is asked for.
enum Logging {
    struct Plan: Sendable {
        let startedAt: Instant
        let endedAt: Instant
        let tasks: [CareTask]
        let note: String
    }

    static func log(
        _ permit: MayLog,
        _ plan: Plan,
        version shown: Int,
        _ records: Records,
        in change: borrowing Change
    ) throws -> CareLog.ID {
        let booking = permit.booking
        let existing = try CareLogStore.find(
            booking: booking.id,
            for: permit.acting,
            in: change.snapshot
        )
        guard let existing else { return try first(permit, plan, records, in: change) }
        let answer = try CareLogPolicy.mayAnswer(existing, permit.acting, in: change.snapshot)
        let isOwn = existing.version.writtenBy == permit.acting.actor
        try CareLogs.adjust(
            answer,
            // What one wrote oneself is no news: a form from before it is not out of date.
            version: isOwn ? existing.agreement.version : shown,
            to: CareLogs.Adjustment(
                startedAt: plan.startedAt,
                endedAt: plan.endedAt,
                happened: true,
                tasks: plan.tasks,
                note: try seal(plan.note, existing.id, booking, records, in: change),
                why: nil
            ),
            in: change
        )
        return existing.id
    }

    private static func first(
        _ permit: MayLog,
        _ plan: Plan,
        _ records: Records,
        in change: borrowing Change
    ) throws -> CareLog.ID {
        let booking = permit.booking
        let id = change.newID(CareLog.self)
        let version = CareLog.Version(
            number: 1,
            writtenBy: permit.acting.actor,
            writtenAt: change.now,
            startedAt: plan.startedAt,
            endedAt: plan.endedAt,
            happened: true,
            tasks: plan.tasks,
            note: try seal(plan.note, id, booking, records, in: change),
            why: nil
        )
        try CareLogs.insert(booking, version, id, in: change)
        // What took place is neither moved nor cancelled any more (J11).
        try Bookings.close(booking.id, in: change)
        let careLog = try CareLogStore.find(id, for: permit.acting, in: change.snapshot)
        let answer = try CareLogPolicy.mayAnswer(careLog, permit.acting, in: change.snapshot)
        try CareLogs.addConfirmation(answer, 1, in: change)
        try CareLogs.audit(.logged, answer, in: change)
        try CareLogs.tellOther(answer, in: change)
        return id
    }

    private static func seal(
        _ note: String,
        _ id: CareLog.ID,
        _ booking: Booking,
        _ records: Records,
        in change: borrowing Change
    ) throws -> Sealed? {
        guard !note.isEmpty else { return nil }
        return try records.seal(note, of: booking.receiver, at: .careNote(id), in: change)
    }
}

extension SealPlace {
    static func careNote(_ id: CareLog.ID) -> SealPlace {
        SealPlace(table: "transactions_care_log_version", column: "note", row: id.rawValue)
    }

    /// Why a version differs from the one before it.
    static func careReason(_ id: CareLog.ID, version: Int) -> SealPlace {
        SealPlace(
            table: "transactions_care_log_version",
            column: "why-\(version)",
            row: id.rawValue
        )
    }
}
