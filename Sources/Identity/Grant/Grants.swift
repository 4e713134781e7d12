package import Basics
package import Store

/// Asking for a grant, deciding it, using it and stopping it. Who may ask whom is for the module
/// that shows the pages to say.
package enum Grants {
    package static func ask(
        _ person: SignedIn,
        toHelp giver: Person.ID,
        with task: Grant.Task,
        forMinutes minutes: Int64,
        in change: borrowing Change
    ) throws -> Grant.ID {
        let isOpen = try GrantStore.isOpen(
            from: giver,
            to: person.id,
            task,
            at: change.now,
            in: change.snapshot
        )
        guard !isOpen else { throw GrantRefusal.alreadyAsked }
        let id = change.newID(Grant.self)
        try GrantStore.insert(id, giver, person.id, task, minutes, in: change)
        try Audit.record(
            .asked,
            .grant,
            reference: id.rawValue,
            about: giver,
            by: person.acting,
            because: .facilitates,
            in: change
        )
        return id
    }

    /// The person whose affairs they are allows or declines what was asked.
    package static func decide(
        _ id: Grant.ID,
        allow: Bool,
        by person: SignedIn,
        in change: borrowing Change
    ) throws -> Grant {
        let grant = try GrantStore.find(id, givenBy: person.id, in: change.snapshot)
        guard grant.state == .asked else { throw GrantRefusal.alreadyDecided }
        try GrantStore.decide(
            id,
            allow ? .active : .declined,
            endsAt: allow ? change.now.adding(minutes: grant.minutes) : nil,
            in: change
        )
        try Audit.record(
            allow ? .allowed : .declined,
            .grant,
            reference: id.rawValue,
            about: person.id,
            by: person.acting,
            because: .own,
            in: change
        )
        return grant
    }

    /// Either of the two may stop it at once, and who asked may take it back before the answer.
    package static func stop(
        _ id: Grant.ID,
        by person: SignedIn,
        in change: borrowing Change
    ) throws -> Grant {
        let grant = try GrantStore.find(id, for: person.id, in: change.snapshot)
        let isTakenBack = grant.state == .asked && grant.holder == person.id
        guard isTakenBack || grant.isOpen(at: change.now) else { throw GrantRefusal.alreadyOver }
        try GrantStore.stop(id, by: person.id, in: change)
        try Audit.record(
            .stopped,
            .grant,
            reference: id.rawValue,
            about: grant.giver,
            by: person.acting,
            because: person.id == grant.giver ? .own : .facilitates,
            in: change
        )
        return grant
    }

    /// The holder in the giver's place, for this task and while the time lasts. Who held it and
    /// does no longer is told why; for anyone else nothing is there.
    package static func acting(
        _ id: Grant.ID,
        _ person: SignedIn,
        for task: Grant.Task,
        at now: Instant,
        in data: borrowing Snapshot
    ) throws -> (acting: Acting, grant: Grant) {
        let grant = try GrantStore.find(id, heldBy: person.id, in: data)
        guard grant.task == task, grant.wasAllowed else { throw NotThere() }
        guard grant.isOpen(at: now) else {
            throw grant.stoppedBy == grant.giver
                ? GrantRefusal.stoppedByGiver : GrantRefusal.timeOver
        }
        let acting = Acting(
            actor: person.id,
            onBehalfOf: grant.giver,
            grant: grant.id,
            trace: person.trace
        )
        return (acting, grant)
    }

    package static func of(
        giver: SignedIn,
        in data: borrowing Snapshot
    ) throws -> [Grant] {
        try GrantStore.all(givenBy: giver.id, in: data)
    }

    package static func held(
        by holder: SignedIn,
        in data: borrowing Snapshot
    ) throws -> [Grant] {
        try GrantStore.all(heldBy: holder.id, in: data)
    }
}
