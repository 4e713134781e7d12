import Basics

/// Sealed shipments, one after another. Each has its length, which has a checksum of its own so
/// that a damaged one is not taken for a file that was cut off; a checksum of the rest; its label;
/// and its sealed bytes.
enum ShipmentFile {
    private static let prefixBytes = 4 + 4 + 8

    static func bytes(of label: ShipmentLabel, _ sealed: [UInt8]) -> [UInt8] {
        let rest = label.bytes + sealed
        var bytes: [UInt8] = []
        bytes.reserveCapacity(prefixBytes + rest.count)
        bytes.append(UInt32(rest.count))
        bytes.append(UInt32(truncatingIfNeeded: Checksum(of: bytes).value))
        bytes.append(Checksum(of: rest).value)
        bytes.append(contentsOf: rest)
        return bytes
    }

    /// How a file ended.
    enum End {
        /// As it should, or where nobody wanted more.
        case whole
        /// In the middle of a shipment, as when whoever wrote it was stopped.
        case cutOff
        /// In something that is no shipment.
        case damaged
    }

    /// The labels alone, without a look at what they stand on but for the last: what came before
    /// was on disk before the last was sent.
    static func labels(_ path: String, _ body: (ShipmentLabel) -> Void) throws -> End {
        let file = try FileReader(path)
        let size = try file.size()
        var place = 0
        var last: (place: Int, label: ShipmentLabel)?
        var end = End.whole
        while place < size {
            try file.go(to: place)
            let prefix = try file.next(prefixBytes)
            guard prefix.count == prefixBytes else {
                end = .cutOff
                break
            }
            guard let length = length(prefix) else {
                end = .damaged
                break
            }
            guard place + prefixBytes + length <= size else {
                end = .cutOff
                break
            }
            guard let label = ShipmentLabel(try file.next(ShipmentLabel.byteCount)) else {
                end = .damaged
                break
            }
            if let last { body(last.label) }
            last = (place, label)
            place += prefixBytes + length
        }
        guard let last else { return end }
        try file.go(to: last.place)
        guard case .shipment = try next(file) else { return .damaged }
        body(last.label)
        return end
    }

    private static func length(_ prefix: [UInt8]) -> Int? {
        let check = Checksum(of: prefix.prefix(4)).value & 0xFFFF_FFFF
        guard check == prefix.number(at: 4, bytes: 4) else { return nil }
        return Int(prefix.number(at: 0, bytes: 4))
    }

    /// Reads on until `body` says false or there is nothing more that can be read.
    @discardableResult
    static func read(
        _ path: String,
        _ body: (ShipmentLabel, _ sealed: [UInt8]) throws -> Bool
    ) throws -> End {
        let file = try FileReader(path)
        while true {
            switch try next(file) {
            case .none: return .whole
            case .some(.ended(let end)): return end
            case .some(.shipment(let label, let sealed)):
                guard try body(label, sealed) else { return .whole }
            }
        }
    }

    private enum Next {
        case shipment(ShipmentLabel, sealed: [UInt8])
        case ended(End)
    }

    /// Nil at the end of the file.
    private static func next(_ file: FileReader) throws -> Next? {
        let prefix = try file.next(prefixBytes)
        guard !prefix.isEmpty else { return nil }
        guard prefix.count == prefixBytes else { return .ended(.cutOff) }
        guard let length = length(prefix) else { return .ended(.damaged) }
        let rest = try file.next(length)
        guard rest.count == length else { return .ended(.cutOff) }
        guard Checksum(of: rest).value == prefix.number(at: 8, bytes: 8),
            let label = ShipmentLabel(rest)
        else { return .ended(.damaged) }
        return .shipment(label, sealed: Array(rest[ShipmentLabel.byteCount...]))
    }
}
