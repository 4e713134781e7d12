import Basics
import Events
import Identity
import Ledger
package import ProofLog
package import Relationships
package import Store

/// The acts on a care log. Each writes the next version or confirmation, its leaf in the proof
/// log "care", its line in the audit and its events, in one change.
package enum CareLogs {
    package static let log = ProofLog(name: "care")

    /// Opens the log of a visit whose time is over, with the times it was booked for (LOG-07).
    /// Where the giver has written it down already, nothing is left to do.
    package static func open(
        _ booking: Booking,
        in change: borrowing Change
    ) throws {
        guard try !CareLogStore.exists(booking: booking.id, in: change.snapshot) else { return }
        let version = CareLog.Version(
            number: 1,
            writtenBy: nil,
            writtenAt: change.now,
            startedAt: booking.startsAt,
            endedAt: booking.endsAt,
            happened: true,
            tasks: [],
            note: nil,
            why: nil
        )
        let id = change.newID(CareLog.self)
        try insert(booking, version, id, in: change)
        for person in [booking.giver, booking.receiver] {
            try change.record(
                CareLogWaiting(
                    careLog: id,
                    giver: booking.giver,
                    receiver: booking.receiver,
                    waitsFor: person
                )
            )
        }
    }

    static func insert(
        _ booking: Booking,
        _ version: CareLog.Version,
        _ id: CareLog.ID,
        in change: borrowing Change
    ) throws {
        let rate = try RelationshipStore.rate(of: booking.relationship, in: change.snapshot)
        try CareLogStore.insert(id, booking, rate: rate, in: change)
        try write(version, of: id, booking.giver, booking.receiver, rate, in: change)
    }

    static func write(
        _ version: CareLog.Version,
        of id: CareLog.ID,
        _ giver: Person.ID,
        _ receiver: Person.ID,
        _ rate: Money?,
        in change: borrowing Change
    ) throws {
        let record = CareRecord.version(version, of: id, giver, receiver, rate)
        let position = try log.append(record, in: change)
        try CareLogStore.insert(version, of: id, position: position, in: change)
    }

    /// Takes a side's confirmation of the version it was shown. The last one that was needed puts
    /// the visit into the ledger.
    static func confirm(
        _ permit: MayAnswer,
        version shown: Int,
        in change: borrowing Change
    ) throws {
        let careLog = permit.careLog
        let isRepeated =
            careLog.agreement.confirmed.contains(permit.side)
            && careLog.agreement.version == shown
        // A button pressed twice is no second confirmation, and no mistake either.
        if isRepeated { return }
        let agreement = try careLog.agreement.confirming(permit.side, version: shown)
        try addConfirmation(permit, shown, in: change)
        try CareLogStore.set(agreement, of: careLog.id, in: change)
        try audit(.confirmed, permit, in: change)
        guard agreement.state == .confirmed else { return }
        try Funds.reserve(careLog, in: change)
        try change.record(
            CareLogConfirmed(
                careLog: careLog.id,
                giver: careLog.giver,
                receiver: careLog.receiver
            )
        )
    }

    /// What a side says instead.
    struct Adjustment {
        let startedAt: Instant
        let endedAt: Instant
        let happened: Bool
        let tasks: [CareTask]
        let note: Sealed?
        let why: Sealed?
    }

    /// A side says how it was instead, or that it was not at all, and thereby confirms its own
    /// version; the other has to confirm anew (LOG-02).
    static func adjust(
        _ permit: MayAnswer,
        version shown: Int,
        to what: Adjustment,
        in change: borrowing Change
    ) throws {
        guard permit.mayAdjust else { throw CareLogRefusal.noLongerTogether }
        let careLog = permit.careLog
        let agreement = try careLog.agreement.adjusting(permit.side, version: shown)
        let version = CareLog.Version(
            number: agreement.version,
            writtenBy: permit.acting.actor,
            writtenAt: change.now,
            startedAt: what.startedAt,
            endedAt: what.endedAt,
            happened: what.happened,
            tasks: what.tasks,
            note: what.note,
            why: what.why
        )
        try write(
            version,
            of: careLog.id,
            careLog.giver,
            careLog.receiver,
            careLog.rate,
            in: change
        )
        try CareLogStore.set(agreement, of: careLog.id, in: change)
        try addConfirmation(permit, agreement.version, in: change)
        try audit(careLog.version.writtenBy == nil ? .logged : .adjusted, permit, in: change)
        try tellOther(permit, in: change)
    }

    static func tellOther(_ permit: MayAnswer, in change: borrowing Change) throws {
        let careLog = permit.careLog
        let other: Agreement.Side = permit.side == .giver ? .receiver : .giver
        try change.record(
            CareLogWaiting(
                careLog: careLog.id,
                giver: careLog.giver,
                receiver: careLog.receiver,
                waitsFor: careLog.person(other)
            )
        )
    }

    static func addConfirmation(
        _ permit: MayAnswer,
        _ version: Int,
        in change: borrowing Change
    ) throws {
        let record = CareRecord.confirmation(
            permit.careLog.id,
            version,
            permit.side,
            by: permit.acting.actor,
            at: change.now
        )
        let position = try log.append(record, in: change)
        try CareLogStore.confirm(
            permit.careLog.id,
            version,
            permit.side,
            by: permit.acting.actor,
            position: position,
            in: change
        )
    }

    static func audit(
        _ action: AuditAction,
        _ permit: MayAnswer,
        in change: borrowing Change
    ) throws {
        try Audit.record(
            action,
            .careLog,
            reference: permit.careLog.id.rawValue,
            about: permit.careLog.receiver,
            by: permit.acting,
            because: permit.reason,
            in: change
        )
    }
}
