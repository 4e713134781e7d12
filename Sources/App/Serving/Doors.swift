import Basics
import Dispatch
import FoundationEssentials
import HTTPServer
import Synchronization
import Web

/// Every community of the process, by the host it is reached at. One alone is reached at any host,
/// and its door stays open.
final class Doors: Sendable {
    let household: Household
    let only: Door?
    private let table = Mutex<[String: Door]>([:])
    let rounds = DispatchQueue(label: "doors")
    let surveyed = Mutex<Instant?>(nil)

    init(_ plan: ServingPlan, _ given: Household.Given = Household.Given()) {
        household = Household(plan, given)
        only = plan.folder == nil ? Door("", household) : nil
        if only == nil {
            household.closes { [weak self] in self?.makeRoom() ?? false }
            household.count { [weak self] in
                let all = self?.all ?? []
                let broken = all.count { $0.isBroken }
                return (usable: all.count - broken, broken: broken)
            }
        }
    }

    func bare(_ status: Int, path: String?, id: String) -> BareAnswer {
        household.lobby.bare(status, path: path, id: id)
    }

    func handle(_ request: HTTPRequest, _ responder: Responder) {
        guard let door = door(at: request.host) else {
            return responder.send(household.lobby.about(request))
        }
        let isOnlyAsking = Lobby.isOnlyAsking(request)
        if let stay = door.enterIfOpen(isUse: !isOnlyAsking) {
            return stay.handle(request, responder)
        }
        if isOnlyAsking { return responder.send(door.signed(household.lobby.about(request))) }
        let isHere = enter(at: request.host) { entered in
            switch entered {
            case .success(let stay): stay.handle(request, responder)
            case .failure(let not):
                let answer = self.household.lobby.notNow(request, not)
                responder.send(door.signed(answer))
            }
        }
        if !isHere { responder.send(household.lobby.about(request)) }
    }

    /// False when nobody is served there. A door that was forgotten meanwhile is no longer in the
    /// table, so looking again finds another or none.
    private func enter(at host: String, _ entered: @escaping Door.Entered) -> Bool {
        while let door = door(at: host) {
            if door.enter(entered) { return true }
        }
        return false
    }

    /// What a command in another process asks, of the only community or of the one it names. Nil
    /// if that is not here.
    func answer(_ question: Control.Question) throws -> Control.Answer? {
        // The only one has no name, and is no answer for one that was named.
        let name = question.community ?? ""
        guard only == nil ? HostName.isOne(name) : question.community == nil else { return nil }
        let done = DispatchSemaphore(value: 0)
        let answered = Mutex<Result<[String], any Error>>(.success([]))
        lookAtStore(of: name)
        let isHere = enter(at: name) { entered in
            let result = Result { try entered.get().community.answer(question) }
            answered.withLock { $0 = result }
            done.signal()
        }
        guard isHere else { return nil }
        done.wait()
        return Control.Answer(lines: try answered.withLock { $0 }.get(), community: name)
    }

    func door(at host: String) -> Door? {
        if let only { return only }
        return table.withLock { $0[host] } ?? find(HostName.withoutPort(host))
    }

    /// One that is not known yet may have been made since the last survey.
    private func find(_ name: String) -> Door? {
        if let known = table.withLock({ $0[name] }) { return known }
        guard household.plan.folder != nil, HostName.isOne(name),
            Opening.isFolder(household.plan.data(of: name))
        else {
            return nil
        }
        return add(name)
    }

    @discardableResult
    func add(_ name: String) -> Door {
        table.withLock { table in
            if let known = table[name] { return known }
            let door = Door(name, household)
            table[name] = door
            return door
        }
    }

    var all: [Door] { only.map { [$0] } ?? table.withLock { Array($0.values) } }

    /// Finds the folders that came, and forgets those that went.
    func findAll() {
        guard let folder = household.plan.folder else { return }
        // Before the listing: one that is found while that goes on is in neither, and stays.
        let known = Set(table.withLock { $0.keys })
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            // As when descriptors have run out: who is there is not known, so nobody is forgotten.
            AccessLog().problem("\(folder) cannot be listed: \(Plainly.words(error))")
            return
        }
        for name in names
        where !known.contains(name) && HostName.isOne(name)
            && Opening.isFolder("\(folder)/\(name)")
        {
            add(name)
        }
        for name in known.subtracting(names) {
            table.withLock { table in
                if table[name]?.forget() == true { table[name] = nil }
            }
        }
    }
}
