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
        guard let outcome = try look(at: only), outcome != .empty else { return }
        try SeedDemonstration(only.options).check()
        if outcome == .behind {
            try plan.home.migrations.rehearse(on: Opening.storePath(only.options.dataFolder))
        }
    }

    /// One that cannot be opened stops no other. But if its schema is not this program's and it is
    /// being served now, or if that is so with all, it is the program that does not fit.
    private func rehearseMany() throws {
        var fits = false
        var isBehind = false
        var unfit: (any Error)?
        for name in names {
            // What is wrong in its settings or key file was told before.
            guard let community = try? plan.community(name) else { continue }
            do {
                let outcome = try look(at: community)
                fits = fits || outcome != nil
                isBehind = isBehind || outcome == .behind
            } catch {
                if error is StoreRefusedToOpen {
                    let data = community.options.dataFolder
                    unfit = Unusable("\(name): \(error)")
                    if FileLock.isServed(Opening.storePath(data)), let unfit { throw unfit }
                }
                tell(name, error)
            }
        }
        if !fits, let unfit { throw unfit }
        // What fails on a store without data would fail on each.
        if isBehind { try plan.home.migrations.rehearse() }
    }

    /// Nil where there is no store yet.
    private func look(at community: CommunityPlan) throws -> Migrations.Outcome? {
        let store = Opening.storePath(community.options.dataFolder)
        return try Database.glance(at: store) { data in
            let outcome = try plan.home.migrations.outcome(in: data)
            if outcome != .empty { try Vault.check(community.master, in: data) }
            return outcome
        }
    }
}
