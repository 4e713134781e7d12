import Dispatch
import Synchronization

/// Where slow work goes (password hashes, documents, exports), so that no loop ever waits for it.
///
/// A fixed number of serial queues, since one concurrent queue whose work blocks grows threads;
/// and a short line in front of them, since an answer nobody waits for any more is not worth
/// making.
package final class SlowLane: Sendable {
    package typealias Work = @Sendable () -> Void

    private struct State {
        var idle: [DispatchQueue]
        var line: [Work] = []
        /// Where the line begins: what is before has been taken.
        var head = 0
    }

    private let state: Mutex<State>
    private let waiting: Int

    package init(workers: Int = 2, waiting: Int = 32) {
        precondition(workers > 0 && waiting >= 0)
        self.waiting = waiting
        state = Mutex(State(idle: (0..<workers).map { DispatchQueue(label: "slow lane \($0)") }))
    }

    /// False when the line is full: answer 503 at once.
    package func run(_ work: @escaping Work) -> Bool {
        let free: DispatchQueue?
        switch state.withLock({ take(work, &$0) }) {
        case .refused: return false
        case .waits: free = nil
        case .starts(let queue): free = queue
        }
        if let free {
            free.async { self.work(on: free, beginningWith: work) }
        }
        return true
    }

    private enum Place {
        case refused
        case waits
        case starts(DispatchQueue)
    }

    private func take(_ work: @escaping Work, _ state: inout State) -> Place {
        if let queue = state.idle.popLast() { return .starts(queue) }
        guard state.line.count - state.head < waiting else { return .refused }
        state.line.append(work)
        return .waits
    }

    private func work(on queue: DispatchQueue, beginningWith first: @escaping Work) {
        var next: Work? = first
        while let work = next {
            work()
            next = state.withLock { state in
                guard state.head < state.line.count else {
                    state.line.removeAll(keepingCapacity: true)
                    state.head = 0
                    state.idle.append(queue)
                    return nil
                }
                let work = state.line[state.head]
                state.head += 1
                if state.head == waiting {
                    state.line.removeFirst(state.head)
                    state.head = 0
                }
                return work
            }
        }
    }
}
