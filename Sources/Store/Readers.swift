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
    private let kept: Int
    private let open: @Sendable () throws -> Connection

    init(kept: Int, open: @escaping @Sendable () throws -> Connection) {
        self.kept = kept
        self.open = open
    }

    func take() throws -> Connection {
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
