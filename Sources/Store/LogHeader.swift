/// The header of a write-ahead log. SQLite reads a log whose header is not as it was written as if
/// it were empty.
struct LogHeader: Sendable {
    let bytes: [UInt8]

    static let pageSizes = (9...16).map { 1 << $0 }

    var pageSize: Int { Int(bytes.bigEndian32(at: 8)) }

    /// The machine that began the log had this order of bytes, and so have its checksums.
    var isBigEndian: Bool { bytes[3] & 1 == 1 }

    /// With which that of the first frame begins.
    var checksum: UInt64 { bytes.bigEndian64(at: 24) }

    var log: LogIdentity {
        LogIdentity(
            restarts: bytes.bigEndian32(at: 12),
            count: bytes.bigEndian32(at: 16),
            mark: bytes.bigEndian32(at: 20)
        )
    }

    /// Nil if SQLite would not take it for one.
    init?(_ bytes: [UInt8]) {
        self.bytes = bytes
        guard bytes.bigEndian32(at: 0) & 0xFFFF_FFFE == 0x377F_0682,
            Self.pageSizes.contains(pageSize)
        else { return nil }
        var sum = LogChecksum(0, isBigEndian: isBigEndian)
        sum.add(bytes, 0..<24)
        guard sum.value == checksum else { return nil }
    }

    /// What the header was of the log that begins with this frame; nil if that is no first frame.
    ///
    /// The frame's checksum goes on from that of the header, so with what the frame holds taken
    /// off again that one is left. The frame repeats what tells which log it is, and that is taken
    /// off too. Between this and how every header begins only one number is unknown, how often the
    /// log has begun anew: half of the checksum tells it, and the other half is the proof.
    init?(before frame: [UInt8], isBigEndian: Bool) {
        var sum = LogChecksum(frame.bigEndian64(at: 16), isBigEndian: isBigEndian)
        sum.remove(frame, 24..<frame.count)
        sum.remove(frame, 0..<8)
        let checksum = sum.value
        sum.remove(frame, 8..<16)
        let magic: UInt32 = isBigEndian ? 0x377F_0683 : 0x377F_0682
        let start = [magic, 3_007_000, UInt32(frame.count - 24), 0].flatMap(\.bigEndianBytes)
        var known = LogChecksum(0, isBigEndian: isBigEndian)
        known.add(start, 0..<16)
        let restarts = sum.second &- known.second
        self.init(
            start[..<12] + (isBigEndian ? restarts : restarts.byteSwapped).bigEndianBytes
                + frame[8..<16] + UInt32(checksum >> 32).bigEndianBytes
                + UInt32(truncatingIfNeeded: checksum).bigEndianBytes
        )
    }
}

/// SQLite's running checksum over a log, of two numbers.
struct LogChecksum {
    private var first: UInt32
    private(set) var second: UInt32
    private let isBigEndian: Bool

    init(_ value: UInt64, isBigEndian: Bool) {
        first = UInt32(truncatingIfNeeded: value >> 32)
        second = UInt32(truncatingIfNeeded: value)
        self.isBigEndian = isBigEndian
    }

    var value: UInt64 { UInt64(first) << 32 | UInt64(second) }

    mutating func add(_ bytes: [UInt8], _ range: Range<Int>) {
        unsafe bytes.withUnsafeBytes { bytes in
            for place in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
                first &+= unsafe word(bytes, place) &+ second
                second &+= unsafe word(bytes, place + 4) &+ first
            }
        }
    }

    /// Takes back what was added last.
    mutating func remove(_ bytes: [UInt8], _ range: Range<Int>) {
        unsafe bytes.withUnsafeBytes { bytes in
            for place in stride(from: range.upperBound - 8, through: range.lowerBound, by: -8) {
                second &-= unsafe word(bytes, place + 4) &+ first
                first &-= unsafe word(bytes, place) &+ second
            }
        }
    }

    private func word(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> UInt32 {
        let word = unsafe bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)
        return isBigEndian ? UInt32(bigEndian: word) : UInt32(littleEndian: word)
    }
}

extension UInt32 {
    fileprivate var bigEndianBytes: [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: self >> $0) }
    }
}
