import Dispatch
import Glibc
import Synchronization

/// The signals a serving process listens to: SIGTERM and SIGINT end it, SIGHUP lets it read its
/// settings anew.
///
/// The sources are made in `init` and never touched again: that is what `@unchecked` stands on.
final class Signals: @unchecked Sendable {
    private let asked = DispatchSemaphore(value: 0)
    private let queue = DispatchQueue(label: "signals")
    private let hangUp = Mutex<(@Sendable () -> Void)?>(nil)
    private var sources: [any DispatchSourceSignal] = []

    init() {
        // A client that goes away in the middle of an answer is no reason to die.
        signal(SIGPIPE, SIG_IGN)
        listen(SIGTERM) { [asked] in asked.signal() }
        listen(SIGINT) { [asked] in asked.signal() }
        listen(SIGHUP) { [unowned self] in hangUp.withLock { $0 }?() }
    }

    var onHangUp: (@Sendable () -> Void)? {
        get { hangUp.withLock { $0 } }
        set { hangUp.withLock { $0 = newValue } }
    }

    func stop() { asked.signal() }

    func wait() { asked.wait() }

    private func listen(_ number: Int32, _ body: @escaping @Sendable () -> Void) {
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
        source.setEventHandler(handler: body)
        source.resume()
        sources.append(source)
    }
}

enum Ending {
    /// The process ends here and now, without closing anything.
    static func atOnce(code: Int32) -> Never {
        Output.finish()
        _exit(code)
    }
}
