import Glibc
import Synchronization

/// The place of a serving process, given to a newer one that asks for it.
///
/// The newer one gets the listening socket itself, so that those who connect meanwhile wait in
/// its line instead of being refused. Then this process finishes what is in flight, closes the
/// store, and lets go of the connection: that is the sign to go on.
final class HandOver: Sendable {
    private let place: @Sendable () -> Int32?
    private let asked: @Sendable () -> Void
    private let waiting = Mutex<[LocalSocket]>([])

    /// `place` gives the socket that browsers connect to; `asked` begins the end.
    init(place: @escaping @Sendable () -> Int32?, asked: @escaping @Sendable () -> Void) {
        self.place = place
        self.asked = asked
    }

    func begin(_ asking: LocalSocket) {
        guard let descriptor = place(), asking.hand(descriptor) else {
            asking.close()
            return
        }
        waiting.withLock { $0.append(asking) }
        asked()
    }

    /// Whoever waits may go on.
    func finish() {
        waiting.withLock { waiting in
            for socket in waiting { socket.close() }
            waiting = []
        }
    }
}

/// The other side: takes the place of the process that serves a data folder now.
enum TakeOver {
    static let command = "take-over"
    /// Longer than any process may take to finish what is in flight.
    private static let patienceSeconds = 660

    /// The socket that browsers connect to, once the other process has let go of the store; nil
    /// when nobody serves the folder.
    static func listener(of folder: String) throws -> Int32? {
        let trusted = Trusted(with: folder)
        guard let there = LocalSocket.connect(to: folder, trusting: trusted) else { return nil }
        defer { there.close() }
        there.send("{\"command\":\"\(command)\",\"words\":[]}")
        guard let listener = there.take() else {
            throw Unusable("the process that serves \(folder) does not hand over")
        }
        guard there.waitForEnd(seconds: patienceSeconds) else {
            close(listener)
            throw Unusable("the process that serves \(folder) did not end in time")
        }
        return listener
    }
}
