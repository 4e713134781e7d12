import CSQLite
import Synchronization

/// The read-only connections. There is one for each thread that reads at the moment; a few are
/// kept open between reads.
final class Readers: Sendable {
    private struct State {
        var idle: [(connection: Connection, thread: UInt)] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    private let commits = Atomic<Int>(0)
    private let kept: Int
    private let open: @Sendable () throws -> Connection

    init(kept: Int, open: @escaping @Sendable () throws -> Connection) {
        self.kept = kept
        self.open = open
    }

    /// Called before anybody hears of the commit.
    func noteCommit() {
        commits.add(1, ordering: .releasing)
    }

    func begin() throws -> Reading {
        // What is committed between this and the first question is seen, and counted as unseen.
        let commits = commits.load(ordering: .acquiring)
        let connection = try take()
        try connection.control("BEGIN")
        return Reading(connection: connection, readers: self, commits: commits)
    }

    /// True while nothing has been acknowledged that it does not see.
    func isNew(_ reading: Reading) -> Bool {
        reading.commits == commits.load(ordering: .acquiring)
    }

    private func take() throws -> Connection {
        let thread = ThreadNumber.current
        let idle = try state.withLock { state in
            guard !state.isClosed else { throw StoreUnavailable.closed }
            // A thread gets back the connection it had, whose pages it has just used.
            let own = state.idle.lastIndex { $0.thread == thread }
            guard let place = own ?? state.idle.indices.last else { return nil as Connection? }
            return state.idle.remove(at: place).connection
        }
        return try idle ?? open()
    }

    func give(_ connection: Connection) {
        let thread = ThreadNumber.current
        state.withLock { state in
            guard !state.isClosed, state.idle.count < kept else { return }
            state.idle.append((connection, thread))
        }
    }

    /// What has been asked on those that are idle.
    var texts: [String] { state.withLock { $0.idle.flatMap(\.connection.texts) } }

    func close() {
        state.withLock { state in
            state.isClosed = true
            state.idle.removeAll()
        }
    }
}

/// A connection in its transaction.
struct Reading {
    let connection: Connection
    let readers: Readers
    fileprivate let commits: Int

    func end() throws {
        try connection.control("COMMIT")
        if connection.suspicion == nil { readers.give(connection) }
    }

    /// After a failure, which matters more than one of the end.
    func giveUp() {
        if connection.inTransaction { try? connection.control("ROLLBACK") }
        if connection.suspicion == nil, !connection.inTransaction { readers.give(connection) }
    }
}
