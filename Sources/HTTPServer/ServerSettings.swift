package import Crypto
import Glibc

/// Every limit and time of the server, by name. Over a limit the answer is the right 4xx or 503
/// at once, never a queue without end.
package struct ServerSettings: Sendable {
    package var address = "127.0.0.1"
    /// 0 lets the system choose.
    package var port: UInt16 = 8080
    /// One loop a core; with more than a few, each would hold too little of `heldBytes`.
    package var loops = min(8, max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    package var backlog: Int32 = 4096
    /// Addresses whose X-Forwarded-For and X-Forwarded-Proto are believed.
    package var trustedProxies: [AddressRange] = []
    /// With certificates it speaks TLS, and nothing else.
    package var identities: [TLSIdentity] = []

    package var lineBytes = 8 * 1024
    package var fieldBytes = 16 * 1024
    package var fieldCount = 100
    package var headBytes = 64 * 1024
    package var bodyBytes = 256 * 1024
    /// A longer body lies in a sealed file while it comes.
    package var memoryBodyBytes = 256 * 1024
    /// What such files hold together, in bytes; beyond it the next hears 503.
    package var spooledBytes = 256 * 1024 * 1024
    package var uploadFolder = "/tmp"
    package var trailerBytes = 8 * 1024

    package var connections = 10_000
    package var connectionsPerAddress = 2000
    /// Addresses whose share is not counted: this machine, where a reverse proxy may stand.
    package var unsharedAddresses = ["127.0.0.0/8", "::1"].compactMap { AddressRange($0) }
    package var requestsPerConnection = 100_000
    /// What a client has not taken yet; beyond it nothing more is read from that client.
    package var unsentBytes = 256 * 1024
    /// What a client may have sent beyond the request that is being answered.
    package var waitingBytes = 256 * 1024
    /// What all connections hold together, in bytes: heads and bodies on their way, what is sent
    /// ahead, answers that are not taken, requests in hand. Beyond it whoever has held some for
    /// the longest is let go. An answer longer than a loop's part of it may never come whole.
    package var heldBytes = 128 * 1024 * 1024

    /// From the first byte of a head to its end, however it is fed.
    package var headSeconds: Int64 = 20
    package var idleSeconds: Int64 = 75
    /// In each such time a body has to come at `bodyBytesPerSecond`, or is given up.
    package var bodySeconds: Int64 = 10
    package var bodyBytesPerSecond: Int64 = 500
    /// How long a client may take for its answer, and for every `writeBytesPerSecond` of it a
    /// second more.
    package var writeSeconds: Int64 = 30
    package var writeBytesPerSecond: Int64 = 2000
    /// What a stream may have waiting for one client before its maker has to wait.
    package var streamBytes = 64 * 1024
    /// An event stream that says nothing shows after this time that it lives.
    package var heartbeatSeconds: Int64 = 15
    /// How long a handler may take: longer, and the client hears 503.
    package var answerSeconds: Int64 = 60
    /// After a refusal, how long what the client still sends is read and dropped, so that the
    /// refusal is not lost to a reset.
    package var lingerSeconds: Int64 = 2
    /// How long a kept connection on which nothing is asked stays when the server stops: what was
    /// sent before the client could know of it is still answered.
    package var lastRequestMilliseconds = 250

    package init() {}
}
