@testable import Store

/// Shipments of the store, as they come back from wherever they were kept: whatever is read as
/// one is the very bytes that it makes.
enum ShipmentTarget {
    static func check(_ bytes: [UInt8]) throws {
        if let label = ShipmentLabel(bytes) {
            try same(label.bytes, Array(bytes.prefix(ShipmentLabel.byteCount)), "the label")
        }
        guard let shipment = Shipment(bytes) else { return }
        try same(shipment.bytes, bytes, "the shipment")
    }
}
