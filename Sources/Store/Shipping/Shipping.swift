package import Basics
import FoundationEssentials

/// Keeps a second place, best on another machine's disk, never more than a moment behind the
/// store, so that the store can be restored as it was at any time.
///
/// What is shipped is SQLite's own write-ahead log: after commits, the pages they changed are sent
/// as one *shipment*, numbered without gaps, with the time of each commit in it. Together with a
/// *base*, a copy of the whole store after a certain shipment, they give the store as it was after
/// any later commit. The writer makes every checkpoint, and makes none before what it would take
/// out of the log has been shipped. If the thread is lost all the same, because the place could not
/// be reached for too long or the store was changed behind our back, a number is left out and a new
/// base is made.
///
/// Of those who serve only the writer waits for the place, and with it whoever has a change in its
/// line: before a checkpoint, where a base begins and at the end, each time no longer than is set
/// here.
package struct Shipping: Sendable {
    package enum Place: Equatable, Sendable {
        /// Files in it are appended to.
        case folder(String)
        /// Run by the shell once for each file, which it gets on its standard input, with the name
        /// in `KITH_FILE`. The file is in its place, and durable, when it ends with 0. It may be
        /// given the same file again.
        case command(String)
    }

    package let place: Place
    /// How long commits are gathered before they are shipped.
    package var pauseMilliseconds = 250
    /// A file this long is followed by another.
    package var fileBytes = 64 << 20
    /// So much is gathered into one shipment, when much waits.
    package var shipmentBytes = 8 << 20
    /// A commit that changes more is not shipped: a new base is made, which has it.
    package var longestCommitBytes = 64 << 20
    /// When the log is this long and cannot be shipped, it is cut, and a new base is made later.
    package var longestLogPages = 65_536
    /// The writer waits so long before a checkpoint for what is still to be shipped.
    package var checkpointWaitMilliseconds = 500
    /// Closing waits so long for what is still to be shipped, and once more for what is under way
    /// to be given up.
    package var closingWaitMilliseconds = 5000
    /// A base older than this is followed by another, so that a restore has less to do.
    package var baseMinutes: Int64 = 24 * 60
    /// A base is made only while this stays free beside the store, besides the copy it is read
    /// from: the log grows meanwhile.
    package var reserveBytes = 64 << 20
    /// Whatever is needed to restore the store as it was this long ago is kept.
    package var keepMinutes: Int64 = 30 * 24 * 60
    /// A command that takes nothing, or does not end, for so long is ended.
    package var commandSeconds = 60
    /// Encrypts and authenticates a shipment; nothing leaves the store without it.
    let seal: @Sendable ([UInt8]) throws -> [UInt8]
    /// Told of troubles, in lines without content.
    let report: @Sendable (String) -> Void

    package init(
        to place: Place,
        seal: @escaping @Sendable ([UInt8]) throws -> [UInt8],
        report: @escaping @Sendable (String) -> Void
    ) {
        self.place = place
        self.seal = seal
        self.report = report
    }

    /// Whether whoever closed the store last had shipped all of it there, and nobody has written to
    /// it since. Where there is no store, nothing is missing.
    package func hasAll(of path: String) -> Bool {
        guard let mark = FileMark(of: path) else { return true }
        guard let note = ShippingNote.read(on: path) else { return false }
        return note.place == way.identity && note.rest == mark
    }

    /// Whether a store was shipped there, or, as far as the note beside it tells, the one at this
    /// path: another that begins now is none of its kind.
    package func knows(storeAt path: String) throws -> Bool {
        if ShippingNote.read(on: path)?.place == way.identity { return true }
        guard case .folder(let folder) = place,
            FileManager.default.fileExists(atPath: folder)
        else { return false }
        return try !ShippedFiles(folder).names(.base).isEmpty
    }

    func isLike(_ other: Shipping) -> Bool {
        place == other.place && baseMinutes == other.baseMinutes
            && keepMinutes == other.keepMinutes
    }

    /// As the log names it.
    package var placeName: String { way.name }

    var way: any ShippingPlace {
        switch place {
        case .folder(let folder): ShippingFolder(folder, fileBytes: fileBytes)
        case .command(let line): ShippingCommand(line, seconds: commandSeconds)
        }
    }

    func sealed(_ shipment: Shipment) throws -> [UInt8] {
        ShipmentFile.bytes(of: shipment.label, try seal(shipment.bytes))
    }
}

/// How far the second place is.
package struct ShippingStatus: Sendable {
    /// The number and time of the last shipment.
    package let sequence: Int64
    package let time: Instant
    /// Since when something is committed that could not be restored from there; nil when
    /// everything could.
    package let behindSince: Instant?
    /// How long that is ago.
    package let lagMilliseconds: Int64
    /// Whether the last attempt failed.
    package let isInTrouble: Bool
    package let lastBase: Instant?
}
