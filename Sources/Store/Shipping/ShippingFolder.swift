import Basics
import FoundationEssentials
import Synchronization

/// A folder that shipments are appended to, in files that grow to a certain length.
final class ShippingFolder: ShippingPlace {
    private struct Open {
        let file: FileWriter
        var byteCount = 0
    }

    private enum Hold {
        case none
        case held(FileLock)
        case over
    }

    let path: String
    private let fileBytes: Int
    private let open = Mutex<Open?>(nil)
    /// Two stores that ship into one folder would make it useless to both.
    private let hold = Mutex(Hold.none)

    init(_ path: String, fileBytes: Int) {
        self.path = path
        self.fileBytes = fileBytes
    }

    var name: String { path }
    var identity: String { "folder \(path)" }
    var isBlind: Bool { false }

    func survey(_ note: ShippingNote?, at now: Instant) throws -> ShippingSurvey {
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        try hold.withLock { hold in
            switch hold {
            case .none: hold = .held(try FileLock(serving: path + "/place"))
            case .held: break
            case .over: throw StoreUnavailable.closed
            }
        }
        return try ShippedFiles(path).survey()
    }

    func send(_ label: ShipmentLabel, _ bytes: [UInt8]) throws {
        try open.withLock { open in
            var current: Open
            if let open, open.byteCount < fileBytes {
                current = open
            } else {
                current = Open(file: try newFile(label))
            }
            // After a failure it may end in half a shipment: what comes next is in another file.
            open = nil
            try current.file.append(bytes)
            try current.file.flush()
            current.byteCount += bytes.count
            open = current
        }
    }

    private func newFile(_ first: ShipmentLabel) throws -> FileWriter {
        var name = ShipmentName(.log, first.sequence, first.time)
        while FileManager.default.fileExists(atPath: "\(path)/\(name.text)") {
            let later = Instant(milliseconds: name.time.milliseconds + 1)
            name = ShipmentName(.log, name.sequence, later)
        }
        let file = try FileWriter(making: "\(path)/\(name.text)")
        try flushToDisk("\(path)/\(name.text)")
        return file
    }

    func sendBase(
        _ name: ShipmentName,
        _ parts: (_ append: ([UInt8]) throws -> Void) throws -> Void
    ) throws {
        try WholeFile.make("\(path)/\(name.text)") { file in try parts(file.append) }
    }

    func prune(before time: Instant) throws {
        try ShippedFiles(path).prune(before: time)
    }

    func close() {
        hold.withLock { hold in
            if case .held(let lock) = hold { lock.release() }
            hold = .over
        }
    }
}
