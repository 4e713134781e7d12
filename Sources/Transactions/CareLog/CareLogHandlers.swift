import Basics
import Identity
import Relationships
import Store
import Web

struct CareLogHandlers: Sendable {
    let database: Database
    let records: Records
    let zone: CivilZone

    func add(to routes: inout Routes) {
        routes.get("/care-logs/{id}", for: .signedIn, show)
    }

    private func show(_ request: Request, _ person: SignedIn) throws -> Answer {
        try database.read { data in
            let log = try CareLogStore.find(request.id(), for: person.acting, in: data)
            return .page(try page(log, person.acting, in: data))
        }
    }

    /// With what went wrong, when that is why the log is shown.
    func page(
        _ log: CareLog,
        _ acting: Acting,
        problem: Phrase? = nil,
        in data: borrowing Snapshot
    ) throws -> CareLogPage {
        let reading = CareLogReading(records: records, zone: zone)
        let lines = try reading.lines(of: log, to: acting, in: data)
        guard let current = lines.last else { throw NotThere() }
        return CareLogPage(
            id: log.id,
            booking: log.booking,
            giver: try reading.whoInFull(log.giver, acting, data),
            receiver: try reading.whoInFull(log.receiver, acting, data),
            day: zone.day(of: log.version.startedAt),
            current: current,
            tasks: log.version.tasks,
            note: try reading.note(of: log, to: acting, in: data),
            amount: try log.amount(),
            rate: log.rate,
            state: log.agreement.state,
            waitingFor: try log.waitsFor.map { try reading.who(log.person($0), acting, data) },
            step: try step(log, acting, reading, data),
            earlier: lines.dropLast(),
            problem: problem
        )
    }

    private func step(
        _ log: CareLog,
        _ acting: Acting,
        _ reading: CareLogReading,
        _ data: borrowing Snapshot
    ) throws -> CareLogPage.Step? {
        let isGiver = acting.principal == log.giver
        guard try reading.canAnswer(log, acting, in: data) else {
            let areTogether = try CareLogPolicy.areTogether(log.giver, log.receiver, in: data)
            let isOpen = log.agreement.state == .pending && areTogether
            return isGiver && isOpen ? .change : nil
        }
        return isGiver && log.version.writtenBy == nil ? .log : .check
    }
}
