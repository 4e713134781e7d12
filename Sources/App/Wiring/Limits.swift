import HTTPServer
import Store

/// The limits of a process, as `limits` in its settings chooses them. They are of the process, not
/// of one community among many.
struct Limits: Sendable {
    var server = ServerSettings()
    /// How much slow work of one community may wait.
    var slowWaiting = SlowWorkers.usualWaiting
    /// How many changes of one community may wait.
    var writeWaiting = WriterLimits().line
    /// Those that were told, by their names.
    private(set) var told: [String: Int] = [:]

    init() {}

    init(_ reader: inout SettingsReader) {
        for limit in Limit.all {
            if let number = reader.whole(limit.name, in: limit.range) { tell(limit, number) }
        }
    }

    mutating func tell(_ limit: Limit, _ number: Int) {
        limit.set(&self, number)
        told[limit.name] = number
    }
}

/// One of them: what it is called, what it may be, and where it stands.
struct Limit: Sendable {
    let name: String
    let range: ClosedRange<Int>
    let value: @Sendable (Limits) -> Int
    let set: @Sendable (inout Limits, Int) -> Void

    private init<Number: BinaryInteger & SendableMetatype>(
        _ name: String,
        _ range: ClosedRange<Int>,
        _ place: any WritableKeyPath<Limits, Number> & Sendable
    ) {
        self.name = name
        self.range = range
        value = { Int($0[keyPath: place]) }
        set = { $0[keyPath: place] = Number($1) }
    }

    /// The README explains each; below its range a limit would refuse what browsers send, above it
    /// be none.
    static let all: [Limit] = [
        Limit("lineBytes", 1024...65_536, \.server.lineBytes),
        Limit("fieldBytes", 1024...1_048_576, \.server.fieldBytes),
        Limit("fieldCount", 20...1000, \.server.fieldCount),
        Limit("headBytes", 4096...1_048_576, \.server.headBytes),
        Limit("trailerBytes", 256...1_048_576, \.server.trailerBytes),
        Limit("bodyBytes", 16_384...1_073_741_824, \.server.bodyBytes),
        Limit("memoryBodyBytes", 16_384...16_777_216, \.server.memoryBodyBytes),
        Limit("spooledBytes", 0...1_099_511_627_776, \.server.spooledBytes),
        Limit("connections", 10...1_000_000, \.server.connections),
        Limit("connectionsPerAddress", 1...1_000_000, \.server.connectionsPerAddress),
        Limit("requestsPerConnection", 1...1_000_000_000, \.server.requestsPerConnection),
        Limit("unsentBytes", 16_384...67_108_864, \.server.unsentBytes),
        Limit("waitingBytes", 16_384...67_108_864, \.server.waitingBytes),
        Limit("streamBytes", 16_384...67_108_864, \.server.streamBytes),
        Limit("heldBytes", 8_388_608...68_719_476_736, \.server.heldBytes),
        Limit("headSeconds", 1...600, \.server.headSeconds),
        Limit("bodySeconds", 1...3600, \.server.bodySeconds),
        Limit("bodyBytesPerSecond", 1...1_000_000, \.server.bodyBytesPerSecond),
        Limit("idleSeconds", 1...3600, \.server.idleSeconds),
        Limit("answerSeconds", 1...3600, \.server.answerSeconds),
        Limit("writeSeconds", 1...3600, \.server.writeSeconds),
        Limit("writeBytesPerSecond", 1...1_000_000, \.server.writeBytesPerSecond),
        Limit("heartbeatSeconds", 1...600, \.server.heartbeatSeconds),
        Limit("lingerSeconds", 1...60, \.server.lingerSeconds),
        Limit("lastRequestMilliseconds", 0...10_000, \.server.lastRequestMilliseconds),
        Limit("slowWaiting", 1...100_000, \.slowWaiting),
        Limit("writeWaiting", 1...1_000_000, \.writeWaiting),
    ]
}
