import Basics
import Crypto
import Dispatch
import Synchronization

/// What all loops of a server share.
final class ServerShared: Sendable {
    let log: ServerLog
    private let refusal: BareAnswer.Wording
    let handler: @Sendable (HTTPRequest, Responder) -> Void
    let turn: @Sendable (() -> Void) -> Void
    let time: TimeSource
    let room: SpoolRoom
    let counted = ServerCounts()
    private let numbers: Atomic<UInt64>
    /// By network: whoever has one address of IPv6 has as many as they like.
    private let networks = Mutex<[[UInt8]: Int]>([:])
    private let emptied = DispatchSemaphore(value: 0)

    init(
        log: ServerLog,
        refusal: @escaping BareAnswer.Wording,
        handler: @escaping @Sendable (HTTPRequest, Responder) -> Void,
        turn: @escaping @Sendable (() -> Void) -> Void,
        time: TimeSource,
        room: SpoolRoom
    ) {
        self.log = log
        self.refusal = refusal
        self.handler = handler
        self.turn = turn
        self.time = time
        self.room = room
        // So that numbers of different runs do not meet in one log.
        numbers = Atomic(RandomSource.system.word() << 24)
    }

    // MARK: TLS

    private struct Sealing {
        var identities: [TLSIdentity] = []
        var context: TLSContext?
        var began: Int64 = 0
    }

    private let sealing = Mutex(Sealing())
    /// How long the tickets of one key are taken; the certificates are read anew with it.
    private static let sealingMicroseconds: Int64 = 24 * 3600 * 1_000_000
    /// Reads certificates, since a disk may be slow and a loop may not wait.
    private let reading = DispatchQueue(label: "certificates")

    /// From now on with these certificates; those that are not right change nothing.
    func seal(with identities: [TLSIdentity]) throws {
        try reading.sync { try read(identities) }
    }

    private func read(_ identities: [TLSIdentity]) throws {
        let context = identities.isEmpty ? nil : try TLSContext(identities)
        sealing.withLock {
            $0 = Sealing(identities: identities, context: context, began: Clock.microseconds())
        }
    }

    func tls(at now: Int64 = Clock.microseconds()) -> TLSContext? {
        let (context, isOld) = sealing.withLock { sealing in
            let isOld = now - sealing.began > Self.sealingMicroseconds
            // Once, whoever else comes while they are read.
            if isOld { sealing.began = now }
            return (sealing.context, isOld)
        }
        if context != nil, isOld { reading.async { self.readAgain() } }
        return context
    }

    private func readAgain() {
        do {
            try read(sealing.withLock { $0.identities })
        } catch {
            log.problem("the certificates were not read anew: \(error)")
        }
    }

    func refusal(_ status: Int, path: String?, _ number: UInt64) -> BareAnswer {
        refusal(status, path, RequestNumber.text(number))
    }

    func nextNumber() -> UInt64 {
        numbers.wrappingAdd(1, ordering: .relaxed).newValue
    }

    enum Admission {
        case admitted
        /// The address has its share.
        case refused
        /// There are as many connections as there may be.
        case full
    }

    /// Whether one more connection from there may stay.
    func admit(_ address: String, _ settings: ServerSettings) -> Admission {
        let network = AddressRange.network(of: address)
        return networks.withLock { networks in
            let all = counted.connections.load(ordering: .relaxed)
            let count = networks[network] ?? 0
            guard
                count < settings.connectionsPerAddress
                    || settings.trustedProxies.contain(address)
                    || settings.unsharedAddresses.contain(address)
            else { return .refused }
            guard all < settings.connections else { return .full }
            networks[network] = count + 1
            counted.connections.add(1, ordering: .relaxed)
            return .admitted
        }
    }

    func leave(_ address: String) {
        let network = AddressRange.network(of: address)
        networks.withLock { networks in
            let count = (networks[network] ?? 1) - 1
            networks[network] = count == 0 ? nil : count
            counted.connections.subtract(1, ordering: .relaxed)
        }
    }

    func loopIsEmpty() {
        emptied.signal()
    }

    func waitUntilEmpty(_ loops: Int, seconds: Int) -> Bool {
        let end = DispatchTime.now() + .seconds(seconds)
        for _ in 0..<loops where emptied.wait(timeout: end) == .timedOut { return false }
        return true
    }
}
