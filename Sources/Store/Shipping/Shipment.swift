import Basics

/// Pages of the store as they were after commits, and where in the log that was.
struct Shipment: Sendable {
    let label: ShipmentLabel
    let steps: [Step]

    /// One commit, or a few at once: every page they changed, as it was after the last of them.
    struct Step: Sendable {
        let time: Instant
        /// How many frames of the log come before its end.
        let frames: Int
        /// The store's size afterwards.
        let storePages: UInt32
        let pages: [Page]

        static let headByteCount = 8 + 8 + 4 + 4
    }

    struct Page: Sendable {
        let number: UInt32
        let content: [UInt8]
    }

    /// The label is part of what is sealed, so that it cannot be put on another shipment.
    var bytes: [UInt8] {
        var bytes = label.bytes
        let pages = steps.reduce(0) { $0 + $1.pages.count }
        bytes.reserveCapacity(
            bytes.count + steps.count * Step.headByteCount + pages * (4 + label.pageSize)
        )
        for step in steps {
            bytes.append(UInt64(bitPattern: step.time.milliseconds))
            bytes.append(UInt64(step.frames))
            bytes.append(step.storePages)
            bytes.append(UInt32(step.pages.count))
            for page in step.pages {
                bytes.append(page.number)
                bytes.append(contentsOf: page.content)
            }
        }
        return bytes
    }
}

extension Shipment {
    /// Nil for anything but what `bytes` makes.
    init?(_ bytes: [UInt8]) {
        guard let label = ShipmentLabel(bytes) else { return nil }
        var steps: [Step] = []
        var place = ShipmentLabel.byteCount
        while place < bytes.count {
            guard let step = Step(bytes, at: &place, pageSize: label.pageSize) else { return nil }
            steps.append(step)
        }
        self.label = label
        self.steps = steps
    }
}

extension Shipment.Step {
    fileprivate init?(_ bytes: [UInt8], at place: inout Int, pageSize: Int) {
        let start = place + Self.headByteCount
        guard start <= bytes.count else { return nil }
        let count = Int(bytes.number(at: place + 20, bytes: 4))
        let pageBytes = 4 + pageSize
        guard count <= (bytes.count - start) / pageBytes,
            let frames = Int(exactly: bytes.number(at: place + 8, bytes: 8))
        else { return nil }
        time = Instant(milliseconds: Int64(bitPattern: bytes.number(at: place, bytes: 8)))
        self.frames = frames
        storePages = UInt32(bytes.number(at: place + 16, bytes: 4))
        pages = (0..<count).map { index in
            let page = start + index * pageBytes
            return Shipment.Page(
                number: UInt32(bytes.number(at: page, bytes: 4)),
                content: Array(bytes[page + 4..<page + pageBytes])
            )
        }
        place = start + count * pageBytes
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
    }

    let kind: Kind
    let sequence: Int64
    /// Of the last commit in it.
    let time: Instant
    /// Where in the log it begins, which is where the one before ended: what another store
    /// shipped into the same place does not fit. For a base, where it belongs; or nowhere, if
    /// nothing leads to it.
    let origin: LogPosition
    let position: LogPosition
    let pageSize: Int

    func with(_ kind: Kind) -> ShipmentLabel {
        ShipmentLabel(
            kind: kind,
            sequence: sequence,
            time: time,
            origin: origin,
            position: position,
            pageSize: pageSize
        )
    }

    static let byteCount = 2 + 8 + 8 + 2 * LogPosition.byteCount + 4
    private static let version: UInt8 = 1

    var bytes: [UInt8] {
        var bytes = [Self.version, kind.rawValue]
        bytes.append(UInt64(bitPattern: sequence))
        bytes.append(UInt64(bitPattern: time.milliseconds))
        bytes.append(contentsOf: origin.bytes)
        bytes.append(contentsOf: position.bytes)
        bytes.append(UInt32(pageSize))
        return bytes
    }
}

extension ShipmentLabel {
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= Self.byteCount, bytes[0] == Self.version,
            let kind = Kind(rawValue: bytes[1]), let origin = LogPosition(bytes, at: 18),
            let position = LogPosition(bytes, at: 18 + LogPosition.byteCount)
        else { return nil }
        self.kind = kind
        sequence = Int64(bitPattern: bytes.number(at: 2, bytes: 8))
        time = Instant(milliseconds: Int64(bitPattern: bytes.number(at: 10, bytes: 8)))
        self.origin = origin
        self.position = position
        pageSize = Int(bytes.number(at: 18 + 2 * LogPosition.byteCount, bytes: 4))
        guard (512...65_536).contains(pageSize) else { return nil }
    }
}

extension LogPosition {
    fileprivate static let byteCount = 4 + 4 + 4 + 8 + 8

    fileprivate var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(log.restarts)
        bytes.append(log.count)
        bytes.append(log.mark)
        bytes.append(UInt64(frames))
        bytes.append(checksum)
        return bytes
    }

    fileprivate init?(_ bytes: [UInt8], at offset: Int) {
        guard let frames = Int(exactly: bytes.number(at: offset + 12, bytes: 8)) else {
            return nil
        }
        self.init(
            log: LogIdentity(
                restarts: UInt32(bytes.number(at: offset, bytes: 4)),
                count: UInt32(bytes.number(at: offset + 4, bytes: 4)),
                mark: UInt32(bytes.number(at: offset + 8, bytes: 4))
            ),
            frames: frames,
            checksum: bytes.number(at: offset + 20, bytes: 8)
        )
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
