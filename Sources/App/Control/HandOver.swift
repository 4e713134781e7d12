import FoundationEssentials
import Glibc
import HTTPServer
import Synchronization

/// The place of a serving process, given to a newer one that asks for it.
///
/// The newer one gets the listening socket itself, so that those who connect meanwhile wait in
/// its line instead of being refused. Then this process finishes what is in flight, closes the
/// store, and lets go of the connection: that is the sign to go on. If nobody is there any more
/// to go on, this process does.
final class HandOver: Sendable {
    private let place: @Sendable () -> Int32?
    private let asked: @Sendable () -> Void
    private struct Waiting {
        var sockets: [LocalSocket] = []
        /// The place itself, so that it is not gone with a newer process that dies.
        var kept: Int32?
    }

    private let waiting = Mutex(Waiting())

    /// `place` gives the socket that browsers connect to, as a descriptor of its own: the end may
    /// close the server's at any moment. `asked` begins the end.
    init(place: @escaping @Sendable () -> Int32?, asked: @escaping @Sendable () -> Void) {
        self.place = place
        self.asked = asked
    }

    /// With a port or an address, only if they are those that are served here.
    func begin(_ asking: LocalSocket, at port: UInt16? = nil, address: String? = nil) {
        guard let descriptor = place() else { return asking.close() }
        guard hand(descriptor, to: asking, at: port, address) else {
            Glibc.close(descriptor)
            return asking.close()
        }
        let other = waiting.withLock { waiting in
            waiting.sockets.append(asking)
            defer { waiting.kept = descriptor }
            return waiting.kept
        }
        if let other { Glibc.close(other) }
        asked()
    }

    private func hand(
        _ descriptor: Int32,
        to asking: LocalSocket,
        at port: UInt16?,
        _ address: String?
    ) -> Bool {
        guard let other = Self.other(than: descriptor, port, address) else {
            return asking.hand(descriptor)
        }
        let problem =
            "the process that is to be replaced serves at \(other): "
            + "take over there, or stop it and start anew"
        asking.send(Control.Reply(problem: problem).line)
        return false
    }

    private static func other(
        than descriptor: Int32,
        _ port: UInt16?,
        _ address: String?
    ) -> String? {
        let portHere = HTTPServer.port(of: descriptor)
        if let port, port != portHere { return "port \(portHere), not \(port)" }
        let addressHere = HTTPServer.address(of: descriptor)
        // One address has several spellings, as ::1 and 0:0:0:0:0:0:0:1.
        if let address, HTTPServer.plainAddress(address) != addressHere {
            return "address \(addressHere), not \(address)"
        }
        return nil
    }

    /// The place, if everybody it was given to has died since; nil if nobody asked for it.
    func takeBack() -> Int32? {
        waiting.withLock { waiting in
            guard let kept = waiting.kept, waiting.sockets.allSatisfy(\.isLeft) else { return nil }
            waiting.kept = nil
            Self.close(&waiting)
            return kept
        }
    }

    /// Whoever waits may go on.
    func finish() {
        waiting.withLock { Self.close(&$0) }
    }

    private static func close(_ waiting: inout Waiting) {
        for socket in waiting.sockets { socket.close() }
        waiting.sockets = []
        if let kept = waiting.kept.take() { Glibc.close(kept) }
    }
}

/// The other side: takes the place of the process that serves a data folder now.
enum TakeOver {
    static let command = "take-over"
    /// Longer than any process may take to finish what is in flight.
    private static let patienceSeconds = 660

    /// The socket that browsers connect to, once the other process has let go of the store; nil
    /// when nobody serves the folder.
    static func listener(
        of folder: String,
        port: UInt16? = nil,
        address: String? = nil
    ) throws -> Int32? {
        let trusted = Trusted(with: folder)
        guard let there = LocalSocket.connect(to: folder, trusting: trusted) else { return nil }
        defer { there.close() }
        let words = [port.map { String($0) } ?? "", address ?? ""]
        let question = Control.Question(command: command, words: words)
        there.send(String(decoding: try JSONEncoder().encode(question), as: UTF8.self))
        guard let listener = there.take() else {
            throw Unusable(
                refusal(there) ?? "the process that serves \(folder) does not hand over"
            )
        }
        guard there.waitForEnd(seconds: patienceSeconds) else {
            close(listener)
            throw Unusable("the process that serves \(folder) did not end in time")
        }
        return listener
    }

    /// Why there is no socket: a reply, of which the first byte was taken for one that carries it.
    private static func refusal(_ there: LocalSocket) -> String? {
        guard let rest = there.receive() else { return nil }
        return try? JSONDecoder().decode(Control.Reply.self, from: Data("{\(rest)".utf8)).problem
    }
}
