import Dispatch
import Glibc

/// How the process ends: on a signal, after what is in flight; or at once.
enum Ending {
    /// Waits for SIGTERM or SIGINT on this thread.
    static func wait() {
        let asked = DispatchSemaphore(value: 0)
        let queue = DispatchQueue(label: "signals")
        var sources: [any DispatchSourceSignal] = []
        for number in [SIGTERM, SIGINT] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { asked.signal() }
            source.resume()
            sources.append(source)
        }
        asked.wait()
        for source in sources { source.cancel() }
    }

    static func atOnce(code: Int32) -> Never {
        _exit(code)
    }
}
