import Dispatch
import Synchronization

/// Where slow work goes (password hashes, documents, exports), so that no loop ever waits for it.
///
/// A short line, since an answer nobody waits for any more is not worth making. Several may share
/// the workers behind them, who take from each in turn, so that a burst fills its own line alone;
/// and in a line from each client in turn, of whom none may fill it.
package final class SlowLane: Sendable {
    package typealias Work = @Sendable () -> Void

    private let workers: SlowWorkers
    private let number: Int

    package init(sharing workers: SlowWorkers = SlowWorkers()) {
        self.workers = workers
        number = workers.newLine()
    }

    /// False when the line is full, or has enough of this client's: answer 503 at once.
    package func run(for client: String? = nil, _ work: @escaping Work) -> Bool {
        workers.take(work, of: client.map { AddressRange.network(of: $0) }, in: number)
    }
}

/// A fixed number of serial queues, since one concurrent queue whose work blocks grows threads.
package final class SlowWorkers: Sendable {
    private struct State {
        var idle: [DispatchQueue]
        /// Those in which somebody waits.
        var lines: [Int: SlowLine] = [:]
        /// Whose turn it is, then whose next; each that has a line once.
        var turns: [Int] = []
        var lanes = 0
    }

    package static let usualWaiting = 32

    private let state: Mutex<State>
    /// How much may wait in each line.
    private let waiting: Atomic<Int>

    package init(_ workers: Int = 2, waiting: Int = SlowWorkers.usualWaiting) {
        precondition(workers > 0 && waiting >= 0)
        self.waiting = Atomic(waiting)
        state = Mutex(State(idle: (0..<workers).map { DispatchQueue(label: "slow lane \($0)") }))
    }

    fileprivate func newLine() -> Int {
        state.withLock { state in
            state.lanes += 1
            return state.lanes
        }
    }

    /// From now on so much may wait; what waits already stays.
    package func allow(waiting: Int) {
        self.waiting.store(waiting, ordering: .relaxed)
    }

    private enum Place {
        case refused
        case waits
        case starts(DispatchQueue)
    }

    fileprivate func take(
        _ work: @escaping SlowLane.Work,
        of client: [UInt8]?,
        in lane: Int
    ) -> Bool {
        let waiting = waiting.load(ordering: .relaxed)
        let place: Place = state.withLock { state in
            if let queue = state.idle.popLast() { return .starts(queue) }
            var line = state.lines.removeValue(forKey: lane) ?? SlowLine()
            let wasEmpty = line.count == 0
            let isTaken = line.append(work, of: client, most: waiting)
            if wasEmpty, isTaken { state.turns.append(lane) }
            if line.count > 0 { state.lines[lane] = line }
            return isTaken ? .waits : .refused
        }
        switch place {
        case .refused: return false
        case .waits: return true
        case .starts(let queue):
            queue.async { self.work(on: queue, beginningWith: work) }
            return true
        }
    }

    private func work(on queue: DispatchQueue, beginningWith first: @escaping SlowLane.Work) {
        var next: SlowLane.Work? = first
        while let work = next {
            work()
            next = state.withLock { state in
                guard let work = Self.next(&state) else {
                    state.idle.append(queue)
                    return nil
                }
                return work
            }
        }
    }

    private static func next(_ state: inout State) -> SlowLane.Work? {
        guard !state.turns.isEmpty else { return nil }
        let lane = state.turns.removeFirst()
        guard var line = state.lines.removeValue(forKey: lane) else { return nil }
        let work = line.next()
        if line.count > 0 {
            state.lines[lane] = line
            state.turns.append(lane)
        }
        return work
    }
}
