package import Basics
import Glibc
import Synchronization

/// Speaks HTTP/1.1 to the world: sockets, requests, answers, files that never change.
///
/// It reads strictly, since most attacks on a site behind a proxy begin with two programs reading
/// one request in two ways: whatever is doubtful is answered 400 and the connection closed.
///
/// It will never know a route, a person or a page; it will never keep an answer for a second
/// request; it will never write a path or a query to a log, since either may name a person.
package final class HTTPServer: Sendable {
    private let settings: ServerSettings
    private let shared: ServerShared
    private let running = Mutex<(listener: Int32, loops: [Loop])?>(nil)

    package init(
        settings: ServerSettings,
        log: ServerLog = .silent,
        time: TimeSource = .system,
        errorPage: (@Sendable (Int) -> [UInt8])? = nil,
        handler: @escaping @Sendable (HTTPRequest, Responder) -> Void
    ) {
        self.settings = settings
        shared = ServerShared(
            log: log,
            errorPage: errorPage ?? { Array("\($0) \(HTTPStatus.reason($0))\n".utf8) },
            handler: handler,
            trusted: Set(settings.trustedProxies),
            time: time
        )
    }

    package var counts: ServerCounts { shared.counted }

    /// Begins to serve, and tells on which port.
    package func start() throws -> UInt16 {
        let listener = try Socket.listen(settings)
        let loops = (0..<max(1, settings.loops)).map { number in
            Loop(number, listener: listener, settings, shared)
        }
        for loop in loops { loop.start() }
        running.withLock { $0 = (listener, loops) }
        return Socket.port(of: listener)
    }

    /// Takes no more connections, finishes what is in flight, and lets go of what is left when
    /// the time is over. True when all was finished.
    @discardableResult
    package func stop(graceSeconds: Int) -> Bool {
        let stopped = running.withLock { running in
            defer { running = nil }
            return running
        }
        guard let stopped else { return true }
        for loop in stopped.loops { loop.stop() }
        close(stopped.listener)
        let isDone = shared.waitUntilEmpty(stopped.loops.count, seconds: graceSeconds)
        for loop in stopped.loops { loop.end() }
        return isDone
    }
}
