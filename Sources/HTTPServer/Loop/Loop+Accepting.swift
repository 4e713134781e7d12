import CLinux
import Crypto
import Glibc
import Synchronization

/// Who comes, and which loop takes them.
extension Loop {
    func acceptAll() {
        for _ in 0..<64 {
            switch Socket.accept(listener) {
            case .nothing: return
            case .noDescriptors:
                guard letOneGo() || turnAwayOne() else { return }
            case .connection(let descriptor, let address):
                var admission = shared.admit(address, settings)
                if case .full = admission, letOneGo() {
                    admission = shared.admit(address, settings)
                }
                if case .admitted = admission {
                    assign(descriptor, address)
                } else {
                    refuseConnection(descriptor)
                }
            }
        }
    }

    /// To the loop with the fewest: whoever wakes first would else get most of those that come
    /// together, and each of them wait for all the others.
    private func assign(_ descriptor: Int32, _ address: String) {
        var least = self
        for loop in group
        where loop.load.load(ordering: .relaxed) < least.load.load(ordering: .relaxed) {
            least = loop
        }
        least.load.add(1, ordering: .relaxed)
        if least === self {
            take(descriptor, address)
        } else {
            least.post(.connection(descriptor, address: address))
        }
    }

    func take(_ descriptor: Int32, _ address: String) {
        let tls = shared.tls().flatMap { TLSSession($0, descriptor: descriptor) }
        guard tls != nil || settings.identities.isEmpty else {
            close(descriptor)
            shared.leave(address)
            load.subtract(1, ordering: .relaxed)
            return
        }
        nextGeneration += 1
        let connection = Connection(
            descriptor,
            address,
            nextGeneration,
            RequestParser(settings: settings, room: shared.room),
            tls,
            deadline: milliseconds + settings.headSeconds * 1000
        )
        while table.count <= Int(descriptor) {
            table.append(contentsOf: repeatElement(nil, count: max(64, table.count)))
        }
        table[Int(descriptor)] = connection
        watch(connection, Interest.read)
        if isStopping { hurry(connection) }
    }

    /// When there are as many connections as there may be, one that only waits makes room for
    /// one that wants something: its browser comes back by itself. Whoever is in the middle of a
    /// request stays.
    private func letOneGo() -> Bool {
        for _ in 0..<min(256, table.count) {
            lastLooked = (lastLooked + 1) % table.count
            if let connection = table[lastLooked], isOnlyWaiting(connection) {
                drop(connection)
                return true
            }
        }
        return false
    }

    /// For a second at least: whoever has just come or was just answered may be about to ask.
    private func isOnlyWaiting(_ connection: Connection) -> Bool {
        let seconds = connection.requests > 0 ? settings.idleSeconds : settings.headSeconds
        return connection.phase == .reading && connection.parser.isIdle && connection.unsent == 0
            && connection.deadline < milliseconds + (seconds - 1) * 1000
    }

    /// The waiting client is taken with the spare descriptor and let go, so that the listener
    /// does not ring without end. False when somebody else has taken the spare one: then nobody
    /// listens until the next sweep.
    private func turnAwayOne() -> Bool {
        if spare >= 0 { close(spare) }
        if case .connection(let descriptor, _) = Socket.accept(listener) {
            refuseConnection(descriptor)
        }
        spare = Socket.spare()
        if milliseconds > (toldOfNoDescriptors ?? 0) + 60_000 || toldOfNoDescriptors == nil {
            toldOfNoDescriptors = milliseconds
            shared.log.problem("no more descriptors: connections are turned away")
        }
        guard spare < 0 else { return true }
        control(EPOLL_CTL_DEL, listener, 0)
        isDeaf = true
        return false
    }

    /// Listens again, once there may be descriptors.
    func listenAgain() {
        guard isDeaf, listener >= 0 else { return }
        isDeaf = false
        if spare < 0 { spare = Socket.spare() }
        control(EPOLL_CTL_ADD, listener, Interest.read | UInt32(EPOLLEXCLUSIVE.rawValue))
    }

    /// Over TLS there is no way to say why before a handshake, which is what there is no room for.
    private func refuseConnection(_ descriptor: Int32) {
        if settings.identities.isEmpty {
            let number = shared.nextNumber()
            let refusal = shared.refusal(503, path: nil, number)
            let bytes = writer.bare(503, retryAfterSeconds: 5, refusal)
            _ = Socket.write(descriptor, bytes[...])
            // What has come and was not read would make a reset of the end, which takes along
            // what the client has not read yet.
            shutdown(descriptor, Int32(SHUT_WR))
            _ = unsafe Socket.read(descriptor, into: buffer)
            log.append(
                AnsweredRequest(
                    number: number,
                    method: nil,
                    status: 503,
                    bytes: refusal.bytes.count,
                    microseconds: 0,
                    label: nil
                )
            )
        }
        close(descriptor)
    }

    func stopListening() {
        guard listener >= 0 else { return }
        control(EPOLL_CTL_DEL, listener, 0)
        listener = -1
    }
}
