package import Basics

/// Keeps a second folder, best on another machine's disk, never more than a moment behind the
/// store, so that the store can be restored as it was at any time.
///
/// What is shipped is SQLite's own write-ahead log: after commits, the pages they changed are
/// appended to a file in the folder as one *shipment*, numbered without gaps. Together with a
/// *base*, a copy of the whole store after a certain shipment, they give the store as it was after
/// any later one. The writer makes every checkpoint, and makes none before what it would take out
/// of the log has been shipped. If the thread is lost all the same, because the folder could not
/// be reached for too long or the store was changed behind our back, a number is left out and a new
/// base is made.
package struct Shipping: Sendable {
    package let folder: String
    /// How long commits are gathered before they are shipped.
    package var pauseMilliseconds = 400
    /// A file this long is followed by another.
    package var fileBytes = 64 << 20
    /// So much is gathered into one shipment, when much waits.
    package var shipmentBytes = 8 << 20
    /// When the log is this long and cannot be shipped, it is cut, and a new base is made later.
    package var longestLogPages = 65_536
    /// Encrypts and authenticates a shipment; nothing leaves the store without it.
    let seal: @Sendable ([UInt8]) throws -> [UInt8]
    /// Told of troubles, in lines without content.
    let report: @Sendable (String) -> Void

    package init(
        to folder: String,
        seal: @escaping @Sendable ([UInt8]) throws -> [UInt8],
        report: @escaping @Sendable (String) -> Void
    ) {
        self.folder = folder
        self.seal = seal
        self.report = report
    }
}

/// How far the second folder is.
package struct ShippingStatus: Sendable {
    /// The number and time of the last shipment.
    package let sequence: Int64
    package let time: Instant
    /// When the oldest commit was made that has not been shipped; nil when everything has.
    package let behindSince: Instant?
}
