import Basics
import Events
import Store
import Transactions

/// A community whose store is open, as one wiring over it.
struct OpenCommunity: Sendable {
    let database: Database
    let community: Community
    /// Which reading of the settings it was wired from.
    var reading: Int

    func start() {
        Checkpoints.begin(on: database)
        community.runner.start()
    }

    /// When there is something to do next, but for signing: that is done when it is closed.
    func nextDue() throws -> Instant? {
        try database.read { data in
            try Community.outlook.next(leaving: SignCheckpoints.name, in: data)
        }
    }

    /// Whether something is committed that could not be restored from the second place. Only while
    /// the store is open is it shipped.
    var isBehind: Bool { database.shippingStatus?.behindSince != nil }

    /// Whether that is so because the second place cannot be reached.
    var isOutOfReach: Bool { database.shippingStatus?.isInTrouble == true }

    /// Signs what has grown, after its own work has ended. Throws, and goes on with that, if the
    /// store cannot take it now. A log that cannot be signed is for the job to tell of, at the
    /// next opening.
    func rest() throws {
        do {
            try database.write { try community.checkpoints.end(in: $0) }
        } catch let error as StoreUnavailable {
            community.runner.start()
            throw error
        } catch {}
    }
}
