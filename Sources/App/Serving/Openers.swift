import Dispatch
import Synchronization

/// Opens a few stores at a time, off the loops. Nobody can end an opening that hangs in the file
/// system, as on a disk that no longer answers: after a while it is given up, and the next begins
/// beside it. When many hang, no other is begun before one of them comes back.
final class Openers: Sendable {
    struct Attempt: Sendable {
        /// Calls what it is given when it begins with what may hang.
        let open: @Sendable (_ begun: () -> Void) -> Void
        /// It takes too long. It may still come to its end.
        let late: @Sendable () -> Void
        /// It is not begun.
        let refused: @Sendable () -> Void
        /// Called once, when one of these has happened.
        let over: @Sendable () -> Void
    }

    private enum Phase {
        case underWay
        case late
        case over
    }

    private struct State {
        var free: Int
        var hanging = 0
        var line: [Attempt] = []
    }

    static let mostHanging = 16

    private let state: Mutex<State>
    private let limitMilliseconds: Int
    private let watch = DispatchQueue(label: "openings")

    init(_ count: Int, limitMilliseconds: Int) {
        state = Mutex(State(free: count))
        self.limitMilliseconds = limitMilliseconds
    }

    func begin(_ attempt: Attempt) {
        state.withLock { $0.line.append(attempt) }
        goOn()
    }

    /// As many as may be begun.
    private func goOn() {
        enum Next {
            case begins(Attempt)
            case refused([Attempt])
        }
        while true {
            let next: Next? = state.withLock { state in
                guard !state.line.isEmpty else { return nil }
                guard state.hanging < Self.mostHanging else {
                    defer { state.line = [] }
                    return .refused(state.line)
                }
                guard state.free > 0 else { return nil }
                state.free -= 1
                return .begins(state.line.removeFirst())
            }
            switch next {
            case .begins(let attempt): start(attempt)
            case .refused(let attempts):
                for attempt in attempts {
                    attempt.refused()
                    attempt.over()
                }
            case nil: return
            }
        }
    }

    private func start(_ attempt: Attempt) {
        let phase = Phases()
        DispatchQueue(label: "opening").async {
            attempt.open { self.limit(attempt, phase) }
            let before = phase.become(.over)
            self.state.withLock { state in
                if before == .late { state.hanging -= 1 } else { state.free += 1 }
            }
            if before == .underWay { attempt.over() }
            self.goOn()
        }
    }

    private func limit(_ attempt: Attempt, _ phase: Phases) {
        watch.asyncAfter(deadline: .now() + .milliseconds(limitMilliseconds)) {
            guard phase.becomeLate() else { return }
            attempt.late()
            attempt.over()
            self.state.withLock { state in
                state.hanging += 1
                state.free += 1
            }
            self.goOn()
        }
    }

    private final class Phases: Sendable {
        private let phase = Mutex(Phase.underWay)

        func become(_ next: Phase) -> Phase {
            phase.withLock { phase in
                defer { phase = next }
                return phase
            }
        }

        func becomeLate() -> Bool {
            phase.withLock { phase in
                guard phase == .underWay else { return false }
                phase = .late
                return true
            }
        }
    }
}
