import Basics

/// Where shipments go. Whatever it does may take long, or never end.
protocol ShippingPlace: Sendable {
    /// As the log names it.
    var name: String { get }
    /// Tells it from any other place.
    var identity: String { get }
    /// It cannot be looked at, so that what was shipped there is noted beside the store.
    var isBlind: Bool { get }

    /// Looks at what has been shipped there, given what was noted beside the store.
    func survey(_ note: ShippingNote?, at now: Instant) throws -> ShippingSurvey
    /// One shipment, in the form of `ShipmentFile`: durable there when this returns. Throws
    /// `PlaceChanged` if what was sent before is not there any more.
    func send(_ label: ShipmentLabel, _ bytes: [UInt8]) throws
    /// One base, in parts; it counts only when it is whole.
    func sendBase(
        _ name: ShipmentName,
        _ parts: (_ append: ([UInt8]) throws -> Void) throws -> Void
    ) throws
    /// Removes what is not needed to restore the store as it was so long ago or later; called
    /// after each base.
    func prune(keepMinutes: Int64, baseMinutes: Int64) throws
    /// Nothing more is sent, and what is under way is given up as far as it can be. Waits for
    /// nothing.
    func close()
    /// Called when nothing is under way any more: another may ship there.
    func letGo()
}

/// What a place holds is no longer what it was when it was looked at.
struct PlaceChanged: Error, CustomStringConvertible {
    let path: String

    var description: String { "\(path) was moved, removed or replaced" }
}

/// What has been shipped to a place.
struct ShippingSurvey: Sendable {
    /// The last whole shipment or base.
    var last: ShipmentLabel?
    /// The number to go on from when there is nothing.
    var start: Int64 = 0
    var lastBase: ShipmentName?
    /// Whether the shipments since the last base have no gap.
    var isCovered = true
}

/// The names in a place: what a file is, the number it begins with, and when it was begun, so that
/// in the order of their names they are in order.
struct ShipmentName: Hashable, Sendable {
    enum Kind: String {
        case base
        case log
    }

    let kind: Kind
    let sequence: Int64
    let time: Instant

    var text: String {
        "\(kind.rawValue)-\(hexadecimal(sequence))-\(hexadecimal(time.milliseconds))"
    }

    init(_ kind: Kind, _ sequence: Int64, _ time: Instant) {
        self.kind = kind
        self.sequence = sequence
        self.time = time
    }

    init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let kind = Kind(rawValue: String(parts[0])),
            let sequence = Int64(parts[1], radix: 16), let time = Int64(parts[2], radix: 16)
        else { return nil }
        self.init(kind, sequence, Instant(milliseconds: time))
        guard self.text == text else { return nil }
    }
}

private func hexadecimal(_ number: Int64) -> String {
    let digits = String(UInt64(bitPattern: number), radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
}
