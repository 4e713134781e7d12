import Dispatch
import Glibc
import Synchronization

/// Whole lines to one descriptor, in order.
///
/// At first whoever has a line waits until it is written, as a command's output should be. A process
/// that serves waits for nobody who reads its log: then the lines lie in a bounded buffer, which one
/// queue writes, and what does not fit is dropped, counted, and told of when there is room again.
final class LineWriter: Sendable {
    private struct State {
        var isPatient = true
        var waiting: [UInt8] = []
        /// Lines that did not fit behind those that wait.
        var lost = 0
        /// A writing is under way or planned.
        var isBusy = false
        var lossLine: @Sendable (Int) -> String = { _ in "" }
    }

    /// What waits, and as much again that is being written.
    static let mostBytes = 1024 * 1024

    private let descriptor: Int32
    /// Under load there are thousands of turns a second: their lines are written together.
    private let gatheringMilliseconds: Int
    private let queue = DispatchQueue(label: "lines")
    private let state = Mutex(State())
    private let busy = DispatchGroup()
    private let lostInAll = Atomic<Int>(0)

    init(_ descriptor: Int32, gatheringMilliseconds: Int = 0) {
        self.descriptor = descriptor
        self.gatheringMilliseconds = gatheringMilliseconds
    }

    /// From here on nobody waits for a line to be written.
    func stopWaiting(lossLine: @escaping @Sendable (Int) -> String) {
        state.withLock { state in
            state.isPatient = false
            state.lossLine = lossLine
        }
    }

    /// How many lines were lost since the process began.
    var lost: Int { lostInAll.load(ordering: .relaxed) }

    /// Whole lines, each with its end.
    func write(_ lines: [UInt8]) {
        enum Way {
            case writes
            case plans
            case waits
        }
        let way: Way = state.withLock { state in
            if state.isPatient { return .writes }
            // After a loss nothing is taken before it was told, so that the lines stay in order.
            if state.lost > 0 || state.waiting.count + lines.count > Self.mostBytes {
                let count = lines.count { $0 == UInt8(ascii: "\n") }
                state.lost += count
                lostInAll.add(count, ordering: .relaxed)
            } else {
                state.waiting += lines
            }
            guard !state.isBusy else { return .waits }
            state.isBusy = true
            busy.enter()
            return .plans
        }
        switch way {
        case .writes: put(lines)
        case .plans: plan()
        case .waits: break
        }
    }

    /// Waits until everything is written, but no longer than this.
    func finish(by end: DispatchTime) {
        _ = busy.wait(timeout: end)
    }

    private func plan() {
        queue.asyncAfter(deadline: .now() + .milliseconds(gatheringMilliseconds)) { self.putAll() }
    }

    private func putAll() {
        let lines: [UInt8] = state.withLock { state in
            if state.lost > 0 { state.waiting += "\(state.lossLine(state.lost))\n".utf8 }
            defer {
                state.waiting = []
                state.lost = 0
            }
            return state.waiting
        }
        put(lines)
        let isDone = state.withLock { state in
            state.isBusy = !state.waiting.isEmpty || state.lost > 0
            return !state.isBusy
        }
        if isDone { busy.leave() } else { plan() }
    }

    private func put(_ lines: [UInt8]) {
        var rest = lines[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN {
                // Whoever started us shares a descriptor that does not block.
                var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = unsafe poll(&ready, 1, -1)
                continue
            }
            // Nobody is there to read it.
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
