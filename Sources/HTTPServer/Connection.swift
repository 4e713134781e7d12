import Basics

/// One client's connection. Only its own loop touches it.
final class Connection {
    enum Phase {
        /// Waiting for a request, or in the middle of one.
        case reading
        /// A handler has the request; nothing more is read until it has answered.
        case answering
        /// The last answer is on its way; then it closes.
        case closing
        /// Refused: what still comes is read and dropped for a moment.
        case lingering
    }

    let descriptor: Int32
    let address: String
    /// Tells this connection from an earlier one with the same descriptor.
    let generation: UInt64
    var parser: RequestParser
    var phase = Phase.reading
    var output: [UInt8] = []
    var written = 0
    var deadline: Int64
    var requests = 0
    var isWatchingWrites = false
    var hasEnded = false
    var bodyBegan: Int64?
    var bodyBytes: Int64 = 0
    var current: Current?

    /// The request that a handler has.
    struct Current {
        let number: UInt64
        let method: HTTPMethod
        let began: Int64
        let keepsAlive: Bool
        let takesGzip: Bool
    }

    init(
        _ descriptor: Int32,
        _ address: String,
        _ generation: UInt64,
        _ settings: ServerSettings,
        now: Int64
    ) {
        self.descriptor = descriptor
        self.address = address
        self.generation = generation
        parser = RequestParser(settings: settings)
        deadline = now + settings.headSeconds * 1000
    }

    var unsent: Int { output.count - written }
}
