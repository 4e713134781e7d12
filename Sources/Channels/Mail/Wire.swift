import Events

/// A letter on its way to the server, as libcurl's callbacks see it.
struct Wire {
    let bytes: [UInt8]
    let mayGoOn: MayGoOn
    private var sent = 0
    /// From here on the server may have taken it, so whoever does not wait for what it says to
    /// that sends the letter twice.
    private var isWhole = false
    private var stoppedAt: ContinuousClock.Instant?

    /// How long the end of the process waits for the answer to a whole letter.
    private static let answerTime = Duration.seconds(5)

    init(bytes: [UInt8], mayGoOn: @escaping MayGoOn) {
        self.bytes = bytes
        self.mayGoOn = mayGoOn
    }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let length = min(buffer.count, bytes.count - sent)
        guard length > 0 else {
            isWhole = true
            return 0
        }
        unsafe buffer.copyBytes(from: bytes[sent..<(sent + length)])
        sent += length
        return length
    }

    /// Whether to go on waiting for the server.
    mutating func isWorthWaiting() -> Bool {
        if mayGoOn() { return true }
        guard isWhole else { return false }
        let now = ContinuousClock.now
        let since = stoppedAt ?? now
        stoppedAt = since
        return now - since < Self.answerTime
    }
}

func readWire(
    _ buffer: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let buffer = unsafe buffer, let context = unsafe context else { return 0 }
    let wire = unsafe context.assumingMemoryBound(to: Wire.self)
    return unsafe wire.pointee.read(
        into: UnsafeMutableRawBufferPointer(start: buffer, count: size * count)
    )
}

/// Called about once a second while nothing happens. Anything but 0 ends the transfer.
func watchWire(
    _ context: UnsafeMutableRawPointer?,
    _: Int,
    _: Int,
    _: Int,
    _: Int
) -> Int32 {
    guard let context = unsafe context else { return 0 }
    let wire = unsafe context.assumingMemoryBound(to: Wire.self)
    return unsafe wire.pointee.isWorthWaiting() ? 0 : 1
}
