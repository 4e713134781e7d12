import Basics
import FoundationEssentials
import Store
import Vault

/// Looks at the stores that another process still serves, so that what would keep them from being
/// opened here is found before that one is asked to go.
struct Rehearsal {
    let plan: ServingPlan
    /// The only one has no name.
    let names: [String]
    /// Tells of one of many that cannot be opened.
    let tell: (_ name: String, _ error: any Error) -> Void

    func run() throws {
        if plan.folder == nil { try rehearseOnly() } else { try rehearseMany() }
    }

    /// What is new in the schema is tried on a copy.
    private func rehearseOnly() throws {
        let only = try plan.community("")
        let found: Migrations.Outcome?
        do {
            found = try look(at: only)
        } catch let error as Unfit {
            throw error.reason
        }
        guard let outcome = found, outcome != .empty else { return }
        try SeedDemonstration(only.options).check()
        if outcome == .behind {
            try plan.home.migrations.rehearse(on: Opening.storePath(only.options.dataFolder))
        }
    }

    /// Of a community that can be read, though not be opened by this program.
    private struct Unfit: Error {
        let reason: any Error
        let isSchema: Bool
    }

    /// One that cannot be opened stops no other, unless it is being served now and it is this
    /// program, its settings or its key that does not fit: whoever is inside would be turned away.
    /// A damaged store cannot be served by either. If the schema of all is not this program's, it
    /// is the program that does not fit.
    private func rehearseMany() throws {
        var fits = false
        var isBehind = false
        var unfit: (any Error)?
        for name in names {
            let community: CommunityPlan
            do {
                community = try plan.community(name)
            } catch {
                // It was told before.
                try requireUnserved(name, error)
                continue
            }
            do {
                let outcome = try look(at: community)
                fits = fits || outcome != nil
                isBehind = isBehind || outcome == .behind
            } catch let found as Unfit {
                try requireUnserved(name, found.reason)
                if found.isSchema { unfit = refusal(name, found.reason) }
                tell(name, found.reason)
            } catch {
                tell(name, error)
            }
        }
        if !fits, let unfit { throw unfit }
        // What fails on a store without data would fail on each.
        if isBehind { try plan.home.migrations.rehearse() }
    }

    private func refusal(_ name: String, _ reason: any Error) -> Unusable {
        Unusable("\(name): \(Plainly.words(reason))")
    }

    private func requireUnserved(_ name: String, _ reason: any Error) throws {
        guard FileLock.isServed(Opening.storePath(plan.data(of: name))) else { return }
        throw refusal(name, reason)
    }

    /// Nil where there is no store yet.
    private func look(at community: CommunityPlan) throws -> Migrations.Outcome? {
        let store = Opening.storePath(community.options.dataFolder)
        return try Database.glance(at: store) { data in
            do {
                let outcome = try plan.home.migrations.outcome(in: data)
                if outcome != .empty { try Vault.check(community.master, in: data) }
                return outcome
            } catch let error as StoreRefusedToOpen {
                throw Unfit(reason: error, isSchema: true)
            } catch let error as KeyRefused {
                throw Unfit(reason: error, isSchema: false)
            }
        }
    }
}
