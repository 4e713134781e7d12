import Basics

/// Pages of the store as they were after a commit, and where in the log that was.
struct Shipment: Sendable {
    let label: ShipmentLabel
    let pages: [Page]

    struct Page: Sendable {
        let number: UInt32
        let content: [UInt8]
    }

    /// The label is part of what is sealed, so that it cannot be put on another shipment.
    var bytes: [UInt8] {
        var bytes = label.bytes
        bytes.reserveCapacity(bytes.count + pages.count * (4 + label.pageSize))
        for page in pages {
            bytes.append(page.number)
            bytes.append(contentsOf: page.content)
        }
        return bytes
    }
}

extension Shipment {
    /// Nil for anything but what `bytes` makes.
    init?(_ bytes: [UInt8]) {
        guard let label = ShipmentLabel(bytes) else { return nil }
        let pageBytes = 4 + label.pageSize
        let count = (bytes.count - ShipmentLabel.byteCount) / pageBytes
        guard bytes.count == ShipmentLabel.byteCount + count * pageBytes else { return nil }
        self.label = label
        pages = (0..<count).map { index in
            let start = ShipmentLabel.byteCount + index * pageBytes
            return Page(
                number: UInt32(bytes.number(at: start, bytes: 4)),
                content: Array(bytes[start + 4..<start + pageBytes])
            )
        }
    }
}

/// What stands on a shipment for all to read: nothing of what is in it.
struct ShipmentLabel: Hashable, Sendable {
    enum Kind: UInt8 {
        /// A part of a base.
        case base = 1
        /// The last part of a base, without pages.
        case baseEnd = 2
        /// What changed since the shipment before.
        case change = 3
        /// The same, when what waited was too much for one: it bears the time of the whole, and
        /// the rest follows at once.
        case part = 4
    }

    let kind: Kind
    let sequence: Int64
    let time: Instant
    let position: LogPosition
    let pageSize: Int
    /// The store's size afterwards.
    let storePages: UInt32

    func with(_ kind: Kind, storePages: UInt32) -> ShipmentLabel {
        ShipmentLabel(
            kind: kind,
            sequence: sequence,
            time: time,
            position: position,
            pageSize: pageSize,
            storePages: storePages
        )
    }

    static let byteCount = 2 + 8 + 8 + 4 + 4 + 4 + 8 + 8 + 4 + 4
    private static let version: UInt8 = 1

    var bytes: [UInt8] {
        var bytes = [Self.version, kind.rawValue]
        bytes.append(UInt64(bitPattern: sequence))
        bytes.append(UInt64(bitPattern: time.milliseconds))
        bytes.append(position.log.restarts)
        bytes.append(position.log.count)
        bytes.append(position.log.mark)
        bytes.append(UInt64(position.frames))
        bytes.append(position.checksum)
        bytes.append(UInt32(pageSize))
        bytes.append(storePages)
        return bytes
    }
}

extension ShipmentLabel {
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= Self.byteCount, bytes[0] == Self.version,
            let kind = Kind(rawValue: bytes[1]),
            let frames = Int(exactly: bytes.number(at: 30, bytes: 8))
        else { return nil }
        self.kind = kind
        sequence = Int64(bitPattern: bytes.number(at: 2, bytes: 8))
        time = Instant(milliseconds: Int64(bitPattern: bytes.number(at: 10, bytes: 8)))
        position = LogPosition(
            log: LogIdentity(
                restarts: UInt32(bytes.number(at: 18, bytes: 4)),
                count: UInt32(bytes.number(at: 22, bytes: 4)),
                mark: UInt32(bytes.number(at: 26, bytes: 4))
            ),
            frames: frames,
            checksum: bytes.number(at: 38, bytes: 8)
        )
        pageSize = Int(bytes.number(at: 46, bytes: 4))
        storePages = UInt32(bytes.number(at: 50, bytes: 4))
        guard (512...65_536).contains(pageSize) else { return nil }
    }
}

extension [UInt8] {
    mutating func append(_ number: some FixedWidthInteger) {
        for shift in stride(from: 0, to: number.bitWidth, by: 8) {
            append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }

    func number(at offset: Int, bytes count: Int) -> UInt64 {
        self[offset..<offset + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
