import Basics
import Crypto
import Glibc

/// One client's connection. Only its own loop touches it.
final class Connection {
    enum Phase {
        /// Waiting for a request, or in the middle of one.
        case reading
        /// A handler has the request; nothing more is taken up until it has answered.
        case answering
        /// An answer is being made while it is sent.
        case streaming
        /// The last answer is on its way; then it closes.
        case closing
        /// What still comes is read and dropped for a moment.
        case lingering
    }

    let descriptor: Int32
    let address: String
    /// Tells this connection from an earlier one with the same descriptor.
    let generation: UInt64
    let tls: TLSSession?
    var parser: RequestParser
    var phase = Phase.reading
    var output: [UInt8] = []
    var written = 0
    var deadline: Int64
    /// By when the client must have taken what is unsent; it counts while something is.
    var writeDeadline = Int64.max
    /// What was still unsent when it was last waited for.
    var owed = 0
    var requests = 0
    /// What epoll was last asked to tell of; nil when it is not asked at all.
    var interest: UInt32?
    var hasEnded = false
    /// Has more to ask than is answered at once.
    var isInLine = false
    /// What it asks next is not looked at before it has taken what was answered; until then that
    /// has no time to keep.
    var isHeldUp = false
    var bodyBegan: Int64?
    var bodyBytes: Int64 = 0
    var current: Current?
    var stream: Streaming?
    /// What was last counted of `heldBytes`, and since when it is not zero.
    var counted = 0
    var holdsSince: Int64 = 0

    /// The request that a handler has.
    struct Current {
        let number: UInt64
        let method: HTTPMethod
        let began: Int64
        var keepsAlive: Bool
        var headers: HTTPHeaders
        /// HTTP/1.0, which knows no chunks.
        let isOld: Bool
    }

    struct Streaming {
        let stream: ResponseStream
        let current: Current
        let status: Int
        let label: String?
        let community: String?
        var bytes = 0
        var spokeAt: Int64
    }

    init(
        _ descriptor: Int32,
        _ address: String,
        _ generation: UInt64,
        _ parser: RequestParser,
        _ tls: TLSSession?,
        deadline: Int64
    ) {
        self.descriptor = descriptor
        self.address = address
        self.generation = generation
        self.parser = parser
        self.tls = tls
        self.deadline = deadline
    }

    var unsent: Int { output.count - written }

    /// Then its descriptor may be a stranger's: nothing more is read from it or written to it.
    private(set) var isClosed = false

    func close() {
        guard !isClosed else { return }
        isClosed = true
        tls?.finish()
        Glibc.close(descriptor)
    }

    /// What OpenSSL takes for a handshake, as measured.
    private static let handshakeBytes = 44 * 1024

    /// The memory that it takes beyond what an idle one does.
    var heldBytes: Int {
        parser.heldBytes + output.capacity + (stream?.stream.heldBytes ?? 0)
            + (tls?.isInHandshake == true ? Self.handshakeBytes : 0)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Socket.Outcome {
        guard !isClosed else { return .closed }
        guard let tls else { return unsafe Socket.read(descriptor, into: buffer) }
        return unsafe Self.outcome(tls.read(into: buffer))
    }

    func write(_ bytes: ArraySlice<UInt8>) -> Socket.Outcome {
        guard !isClosed else { return .closed }
        guard let tls else { return Socket.write(descriptor, bytes) }
        return unsafe bytes.withUnsafeBytes { unsafe Self.outcome(tls.write($0)) }
    }

    /// What waits and the body behind it. TLS makes records of what it is given at once, so there
    /// it all goes one way.
    func write(_ bytes: ArraySlice<UInt8>, _ body: ArraySlice<UInt8>) -> Socket.Outcome {
        tls == nil && !isClosed ? Socket.write(descriptor, bytes, body) : .wouldBlock
    }

    private static func outcome(_ outcome: TLSSession.Outcome) -> Socket.Outcome {
        switch outcome {
        case .bytes(let count): .bytes(count)
        case .wantsRead: .wouldBlock
        case .wantsWrite: .wouldBlockWriting
        case .closed: .closed
        }
    }
}
