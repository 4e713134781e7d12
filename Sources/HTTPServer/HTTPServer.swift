package import Basics
import Crypto
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

    /// `turn` is called around each turn of a loop, in which it answers whoever has asked.
    package init(
        settings: ServerSettings,
        log: ServerLog = .silent,
        time: TimeSource = .system,
        refusal: BareAnswer.Wording? = nil,
        turn: @escaping @Sendable (() -> Void) -> Void = { $0() },
        handler: @escaping @Sendable (HTTPRequest, Responder) -> Void
    ) {
        self.settings = settings
        shared = ServerShared(
            log: log,
            refusal: refusal ?? BareAnswer.plain,
            handler: handler,
            turn: turn,
            time: time,
            room: SpoolRoom(settings.spooledBytes)
        )
    }

    package var counts: ServerCounts { shared.counted }

    /// How many connections each loop has, for the test that they are shared fairly.
    var loads: [Int] {
        running.withLock { running in
            (running?.loops ?? []).map { $0.load.load(ordering: .relaxed) }
        }
    }

    /// How often a loop was woken, for tests of loops that would never sleep.
    var turns: Int { shared.counted.turns.load(ordering: .relaxed) }

    /// Throws what would keep a server with these settings from starting, but for the port.
    package static func check(_ settings: ServerSettings) throws {
        if !settings.identities.isEmpty { _ = try TLSContext(settings.identities) }
    }

    /// Begins to serve, and tells on which port. `listener` is a socket that listens already,
    /// as another process hands it over.
    package func start(listener inherited: Int32? = nil) throws -> UInt16 {
        try shared.seal(with: settings.identities)
        let listener = try inherited ?? Socket.listen(settings)
        let loops = (0..<max(1, settings.loops)).map { number in
            Loop(number, listener: listener, settings, shared)
        }
        for loop in loops { loop.start(among: loops) }
        running.withLock { $0 = (listener, loops) }
        return Socket.port(of: listener)
    }

    /// The socket that listens once more, for a process that takes over: whoever asks closes it.
    /// Nil when stopped, or without a descriptor for it.
    package func listenerAgain() -> Int32? {
        running.withLock { running in
            running.map { fcntl($0.listener, F_DUPFD_CLOEXEC, 0) }.flatMap { $0 < 0 ? nil : $0 }
        }
    }

    package static func port(of listener: Int32) -> UInt16 { Socket.port(of: listener) }

    package static func address(of listener: Int32) -> String { Socket.address(of: listener) }

    /// As `address(of:)` would spell it; nil if one cannot listen there.
    package static func plainAddress(_ text: String) -> String? { Socket.plainAddress(text) }

    /// Goes on with other certificates, limits and trusted proxies. The address, the port and
    /// the number of loops stay. Throws, and changes nothing, if a certificate is not right.
    package func reload(_ settings: ServerSettings) throws {
        try shared.seal(with: settings.identities)
        shared.room.allow(settings.spooledBytes)
        running.withLock { running in
            for loop in running?.loops ?? [] { loop.change(settings) }
        }
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
        for loop in stopped.loops { loop.closeDoor() }
        for loop in stopped.loops { loop.stop() }
        close(stopped.listener)
        let isDone = shared.waitUntilEmpty(stopped.loops.count, seconds: graceSeconds)
        for loop in stopped.loops { loop.end() }
        return isDone
    }
}
