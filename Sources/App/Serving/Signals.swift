import Dispatch
import Glibc
import Store
import Synchronization

/// The signals that a process listens to which serves or is about to: SIGTERM and SIGINT end it,
/// SIGHUP lets it read its settings anew.
///
/// Before it serves there is nothing to finish, so it ends at once, however long it would still
/// wait for another process or a migration. From then on `wait` ends.
///
/// The sources are made in `init` and never touched again: that is what `@unchecked` stands on.
final class Signals: @unchecked Sendable {
    private struct State {
        var isServing = false
        var isAsked = false
        var isToldToEnd = false
        /// What else is said if it ends before it serves.
        var meanwhile: String?
        var hangUp: (@Sendable () -> Void)?
        /// SIGHUP came before there was anything to read anew.
        var isHangUpAsked = false
    }

    private let state = Mutex(State())
    private let asked = DispatchSemaphore(value: 0)
    private let queue = DispatchQueue(label: "signals")
    private var sources: [any DispatchSourceSignal] = []

    init() {
        // A client that goes away in the middle of an answer is no reason to die.
        signal(SIGPIPE, SIG_IGN)
        for number in [SIGTERM, SIGINT] {
            listen(number) { [unowned self] in end(number) }
        }
        listen(SIGHUP) { [unowned self] in hangUp() }
    }

    /// While `body` runs another process serves, and goes on if this one ends.
    func whileAnotherServes<Value>(_ body: () throws -> Value) rethrows -> Value {
        state.withLock { $0.meanwhile = "the process that it was to replace serves on" }
        defer { state.withLock { $0.meanwhile = nil } }
        return try body()
    }

    /// Before the first is let in: from now on what is in flight is finished first.
    func serve() {
        state.withLock { $0.isServing = true }
    }

    /// What SIGHUP leads to until the end is asked for; at once, if it came before: the settings had
    /// been read by then.
    func onHangUp(_ body: @escaping @Sendable () -> Void) {
        let isAsked = state.withLock { state in
            guard !state.isAsked else { return false }
            state.hangUp = body
            return state.isHangUpAsked
        }
        if isAsked { queue.async { [unowned self] in hangUp() } }
    }

    /// Ends `wait`, for a process that takes over.
    func stop() {
        let isFirst = state.withLock { state in
            defer { state.isAsked = true }
            return !state.isAsked
        }
        if isFirst { asked.signal() }
    }

    /// Until somebody asks for the end. From then on nothing is read anew.
    func wait() {
        asked.wait()
        state.withLock { $0.hangUp = nil }
        queue.sync {}
    }

    /// Begins anew, for a process that was to be replaced and goes on: false if it was told to end
    /// meanwhile.
    func startAgain() -> Bool {
        state.withLock { state in
            guard !state.isToldToEnd else { return false }
            state.isServing = false
            state.isAsked = false
            return true
        }
    }

    private func hangUp() {
        let body = state.withLock { state in
            state.isHangUpAsked = state.hangUp == nil
            return state.hangUp
        }
        body?()
    }

    private func end(_ number: Int32) {
        let (isServing, meanwhile) = state.withLock { state in
            state.isToldToEnd = true
            return (state.isServing, state.meanwhile)
        }
        if isServing { return stop() }
        let more = meanwhile.map { "; \($0)" } ?? ""
        Output.problem("kith: told to end before it served\(more)")
        Leftovers.removeAll { Ending.atOnce(by: number) }
    }

    private func listen(_ number: Int32, _ body: @escaping @Sendable () -> Void) {
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
        source.setEventHandler(handler: body)
        source.resume()
        sources.append(source)
    }
}
