import Dispatch
import Glibc
import Synchronization

/// What must not stay behind when a command is ended by a signal: copies of a store, above all.
package enum Leftovers {
    private static let paths = Mutex<Set<String>>([])

    static func add(_ path: String) {
        paths.withLock { _ = $0.insert(path) }
    }

    static func remove(_ path: String) {
        removeFile(path)
        paths.withLock { _ = $0.remove(path) }
    }

    /// `end` ends the process; whoever would add another waits for the lock meanwhile.
    package static func removeAll(then end: () -> Void) {
        paths.withLock { paths in
            for path in paths { removeFile(path) }
            end()
        }
    }

    /// From now on SIGINT and SIGTERM take them away before they end the process.
    package static func goWhenEnded() {
        for number in [SIGINT, SIGTERM] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                // It keeps itself for as long as the process lives.
                withExtendedLifetime(source) {
                    removeAll { _exit(128 + number) }
                }
            }
            source.resume()
        }
    }
}
