import Basics
import Dispatch
import Synchronization

/// What all loops of a server share.
final class ServerShared: Sendable {
    let log: ServerLog
    let errorPage: @Sendable (Int) -> [UInt8]
    let handler: @Sendable (HTTPRequest, Responder) -> Void
    let trusted: Set<String>
    let time: TimeSource
    let counted = ServerCounts()
    private let numbers: Atomic<UInt64>
    private let addresses = Mutex<[String: Int]>([:])
    private let emptied = DispatchSemaphore(value: 0)

    init(
        log: ServerLog,
        errorPage: @escaping @Sendable (Int) -> [UInt8],
        handler: @escaping @Sendable (HTTPRequest, Responder) -> Void,
        trusted: Set<String>,
        time: TimeSource
    ) {
        self.log = log
        self.errorPage = errorPage
        self.handler = handler
        self.trusted = trusted
        self.time = time
        // So that numbers of different runs do not meet in one log.
        numbers = Atomic(RandomSource.system.word() << 24)
    }

    func nextNumber() -> UInt64 {
        numbers.wrappingAdd(1, ordering: .relaxed).newValue
    }

    /// Whether one more connection from there may stay.
    func admit(_ address: String, _ settings: ServerSettings) -> Bool {
        addresses.withLock { addresses in
            let all = counted.connections.load(ordering: .relaxed)
            let count = addresses[address] ?? 0
            guard all < settings.connections,
                count < settings.connectionsPerAddress || trusted.contains(address)
            else { return false }
            addresses[address] = count + 1
            counted.connections.add(1, ordering: .relaxed)
            return true
        }
    }

    func leave(_ address: String) {
        addresses.withLock { addresses in
            let count = (addresses[address] ?? 1) - 1
            addresses[address] = count == 0 ? nil : count
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

/// The client's address as a trusted proxy tells it: the last one that the proxy itself saw.
enum Forwarded {
    static func client(_ headers: HTTPHeaders, else address: String) -> String {
        guard let last = headers["x-forwarded-for"]?.split(separator: ",").last else {
            return address
        }
        let text = String(last.filter { $0 != " " })
        return text.utf8.count <= 45 && !text.isEmpty ? text : address
    }
}
