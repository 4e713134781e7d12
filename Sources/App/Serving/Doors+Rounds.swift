import Basics
import Dispatch
import FoundationEssentials
import Synchronization
import Vault

/// What goes on behind the doors, decided on one queue: each second every door is looked at, each
/// minute every store that is closed. Whatever may take long is done on others.
extension Doors {
    private static let surveySeconds: Int64 = 60
    private static let longestRoundSeconds = 10

    /// Before anything is opened: what is wrong in the settings of any of many is told at once,
    /// and not when somebody comes.
    func check() {
        guard let folder = household.plan.folder else { return }
        findAll()
        tellUnread(AccessLog(), in: folder, isFolder: true)
        tellUnserved(in: folder)
        var owners: [[UInt8]: [String]] = [:]
        for door in all.sorted(by: { $0.name < $1.name }) {
            let isRight = door.check { plan in
                owners[plan.master.derived(for: "comparison"), default: []].append(door.name)
            }
            guard isRight else { continue }
            let data = household.plan.data(of: door.name)
            tellUnread(household.log(of: door), in: data, isFolder: false)
        }
        for names in owners.values where names.count > 1 { tellCopies(names) }
    }

    /// Those that are sealed with one key are copies of one another.
    private func tellCopies(_ names: [String]) {
        let few = names.prefix(5).joined(separator: ", ")
        let more = names.count > 5 ? " and \(names.count - 5) more" : ""
        AccessLog().problem("\(few)\(more) have the same master.key")
    }

    /// A folder that looks like a community's, at a name that no host has. One that begins with a
    /// dot was put aside.
    private func tellUnserved(in folder: String) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in names.sorted()
        where !name.hasPrefix(".") && !HostName.isOne(name)
            && ["master.key", "kith.db"].contains(where: {
                FileManager.default.fileExists(atPath: "\(folder)/\(name)/\($0)")
            })
        {
            AccessLog().problem(
                "\(folder)/\(name) is not served, since no host has that name: "
                    + "letters in lower case, digits and dashes, with single dots between"
            )
        }
    }

    /// Throws what would keep this process from serving what another serves still.
    func rehearse() throws {
        try Rehearsal(plan: household.plan, names: all.map(\.name).sorted()) { name, error in
            self.door(at: name)?.tell(error)
        }.run()
    }

    private func tellUnread(_ log: AccessLog, in data: String, isFolder: Bool) {
        for line in (try? CommunitySettings.unread(in: data, isFolder: isFolder)) ?? [] {
            log.problem(line)
        }
    }

    /// Opens the only one, whose own work waits for `begin`.
    func open() throws {
        if household.plan.folder == nil {
            for only in all { try only.openAtOnce() }
        } else {
            findAll()
        }
    }

    /// From here on there is work without anyone who asks. Many are looked at in the background.
    func begin() {
        if household.plan.folder == nil {
            for only in all { only.beginWork() }
        }
        rounds.async { self.goRound() }
    }

    private func goRound() {
        guard !household.isEnding else { return }
        look()
        rounds.asyncAfter(deadline: .now() + 1) { [weak self] in self?.goRound() }
    }

    /// One round, here and now, and what it began, for tests.
    func round() {
        rounds.sync { look() }
        household.settle()
    }

    private func look() {
        let now = household.time.now()
        let uptime = household.uptime.now()
        let isSurvey = surveyed.withLock { surveyed in
            if let last = surveyed, uptime < last.adding(seconds: Self.surveySeconds) {
                return false
            }
            surveyed = uptime
            return true
        }
        if isSurvey { findAll() }
        for door in all {
            if household.isEnding { return }
            guard household.plan.folder != nil else {
                // It stays open, and its store ends the process when it is in doubt.
                door.lookAtStore()
                continue
            }
            if isSurvey { door.survey() }
            // One that was being opened while settings were read has the old ones.
            rewire(door)
            door.look(at: now)
        }
    }

    /// Before something is done in a store for whoever looks at its folder.
    func lookAtStore(of name: String) {
        rounds.sync { door(at: name)?.lookAtStore() }
    }

    @discardableResult
    private func rewire(_ door: Door) -> Bool {
        do {
            try door.rewire()
            return true
        } catch {
            household.log(of: door).problem(
                "settings were not read anew, all stays as it was: \(Plainly.words(error))"
            )
            return false
        }
    }

    /// Goes on with what was read anew. The only one is wired from it, and `reload` done, before
    /// anything changes, so that what throws leaves all as it was. One of many in whose settings
    /// something is wrong stays as it was; false if that is so for one.
    func change(to plan: ServingPlan, _ reload: () throws -> Void = {}) throws -> Bool {
        let wired = try only?.wired(from: plan)
        try reload()
        household.change(to: plan)
        return rounds.sync {
            if let wired { only?.goOn(with: wired) }
            findAll()
            var isWhole = true
            for door in all {
                door.lookAtStore()
                door.forgive()
                isWhole = rewire(door) && isWhole
                isWhole = door.check() && isWhole
            }
            return isWhole
        }
    }

    /// Closes all, when no request comes any more.
    func end() {
        household.end()
        // Not for longer than an opening may take, should a disk not answer.
        let isOver = DispatchSemaphore(value: 0)
        rounds.async { isOver.signal() }
        _ = isOver.wait(timeout: .now() + .seconds(Self.longestRoundSeconds))
        let all = all
        // Each of many may have a letter under way, and not all are closed at once.
        for door in all { door.beginEnding() }
        let ends = DispatchGroup()
        for door in all { household.close(in: ends) { door.end() } }
        ends.wait()
    }
}
