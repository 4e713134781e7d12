import Synchronization

/// What connections hold together: heads and bodies on their way, requests sent ahead, answers
/// that are not taken. All of it is counted when a connection is put down again, and has a limit.
///
/// Nobody waits for memory, so nobody can wait for ever: over the limit, whoever has held some
/// for the longest is let go. A client that is slow by choice goes before one that has just come.
extension Loop {
    /// Each loop looks after an equal part, so that none has to ask another for room.
    private var share: Int { settings.heldBytes / max(1, settings.loops) }

    /// After a piece of work on a connection.
    func putDown(_ connection: Connection) {
        count(connection)
        makeRoom()
    }

    /// An idle connection, as each is after a request that was answered at once, counts nothing
    /// and has counted nothing.
    func count(_ connection: Connection) {
        count(connection, isOpen(connection) ? connection.heldBytes : 0)
    }

    func count(_ connection: Connection, _ bytes: Int) {
        let more = bytes - connection.counted
        guard more != 0 else { return }
        if connection.counted == 0 { connection.holdsSince = milliseconds }
        connection.counted = bytes
        held += more
        shared.counted.held.add(more, ordering: .relaxed)
    }

    /// Lets the slowest go until there is room for a while.
    func makeRoom() {
        let most = share - handed.load(ordering: .relaxed)
        guard held > most else { return }
        // If nobody held more than this, all that may be there would be within the limit: so
        // whoever is content with it goes last.
        let modest = share / max(1, settings.connections)
        let holders = connections.filter { $0.counted > 0 }.sorted {
            ($0.counted > modest ? 0 : 1, $0.holdsSince)
                < ($1.counted > modest ? 0 : 1, $1.holdsSince)
        }
        for connection in holders where held > most - most / 8 { letGo(connection) }
    }

    /// Who is still asking is told to come again; who does not take an answer would not hear it.
    private func letGo(_ connection: Connection) {
        if connection.phase == .reading, connection.unsent == 0 { refuse(connection, 503) }
        if isOpen(connection), connection.unsent > 0 || connection.phase != .lingering {
            drop(connection)
        }
        count(connection)
    }

    // MARK: Requests in hand

    /// What a handler was given is not the connection's to let go, and counts until nobody can
    /// answer it any more. There must be room for it beforehand.
    func mayHandOver(_ head: RequestHead, _ body: HTTPBody) -> Bool {
        handed.load(ordering: .relaxed) + head.heldBytes + body.heldBytes <= share
    }

    /// Nil for what is as light as most requests are.
    func inHand(_ head: RequestHead, _ body: HTTPBody) -> RequestInHand? {
        let bytes = head.heldBytes + body.heldBytes
        return bytes > RequestInHand.lightBytes ? RequestInHand(bytes, self) : nil
    }
}

/// Lives as long as a request can be answered.
final class RequestInHand: Sendable {
    static let lightBytes = 4096

    private let bytes: Int
    private let loop: Loop

    init(_ bytes: Int, _ loop: Loop) {
        self.bytes = bytes
        self.loop = loop
        loop.handed.add(bytes, ordering: .relaxed)
        loop.shared.counted.held.add(bytes, ordering: .relaxed)
    }

    deinit {
        loop.handed.subtract(bytes, ordering: .relaxed)
        loop.shared.counted.held.subtract(bytes, ordering: .relaxed)
    }
}
