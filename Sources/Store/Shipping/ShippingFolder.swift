import Basics
import FoundationEssentials
import Synchronization

/// A folder that shipments are appended to, in files that grow to a certain length.
final class ShippingFolder: ShippingPlace {
    private struct Open {
        let path: String
        let file: FileWriter
        var byteCount = 0
    }

    let path: String
    private let fileBytes: Int
    private let open = Mutex<Open?>(nil)
    /// Two stores that ship into one folder would make it useless to both.
    private let hold = Mutex<FileLock?>(nil)
    private let isOver = Atomic(false)

    init(_ path: String, fileBytes: Int) {
        self.path = path
        self.fileBytes = fileBytes
    }

    var name: String { path }
    var identity: String { "folder \(path)" }
    var isBlind: Bool { false }

    func survey(_ note: ShippingNote?, at now: Instant) throws -> ShippingSurvey {
        if note != nil { try requireBase() }
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        try hold.withLock { hold in
            try requireOpen()
            if hold?.isThere != true {
                hold?.release()
                hold = try FileLock(serving: path + "/place")
            }
        }
        // Left of a process that was killed while it made a base.
        for name in try FileManager.default.contentsOfDirectory(atPath: path)
        where name.hasPrefix("base-") && name.hasSuffix(".unfinished") {
            removeFile("\(path)/\(name)")
        }
        return try ShippedFiles(path).survey()
    }

    /// There is a note only of a place that holds one. What lies where nothing is mounted is a
    /// folder on the store's own disk.
    private func requireBase() throws {
        let isThere = FileManager.default.fileExists(atPath: path)
        guard try isThere && !ShippedFiles(path).names(.base).isEmpty else {
            throw FileTrouble(
                path,
                "nothing of what was shipped is there: is it mounted? If it was emptied on "
                    + "purpose, remove the file beside the store that ends in .shipped"
            )
        }
    }

    /// What was locked when the place was looked at. Where it was mounted then, and no longer is,
    /// lies a folder on the store's own disk.
    private func requirePlace() throws {
        guard hold.withLock({ $0?.isThere == true }) else { throw PlaceChanged(path: path) }
    }

    private func requireOpen() throws {
        guard !isOver.load(ordering: .acquiring) else { throw StoreUnavailable.closed }
    }

    func send(_ label: ShipmentLabel, _ bytes: [UInt8]) throws {
        try open.withLock { open in
            try requireOpen()
            var current: Open
            if let open, open.byteCount < fileBytes {
                current = open
            } else {
                current = try newFile(label)
            }
            // After a failure it may end in half a shipment: what comes next is in another file.
            open = nil
            try requireOpen()
            guard FileIdentity(of: current.path) == current.file.identity else {
                throw PlaceChanged(path: current.path)
            }
            try current.file.append(bytes)
            try current.file.flush()
            current.byteCount += bytes.count
            open = current
        }
    }

    private func newFile(_ first: ShipmentLabel) throws -> Open {
        try requirePlace()
        var name = ShipmentName(.log, first.sequence, first.time)
        // What is sent anew comes after what was cut off, also if the clock was set back.
        if let last = try ShippedFiles(path).names(.log).last(where: {
            $0.sequence == name.sequence && $0.time >= name.time
        }) {
            name = ShipmentName(
                .log,
                name.sequence,
                Instant(milliseconds: last.time.milliseconds + 1)
            )
        }
        let path = "\(path)/\(name.text)"
        let file = try FileWriter(making: path)
        try flushToDisk(path)
        return Open(path: path, file: file)
    }

    func sendBase(
        _ name: ShipmentName,
        _ parts: (_ append: ([UInt8]) throws -> Void) throws -> Void
    ) throws {
        try requireOpen()
        try requirePlace()
        let decide: (String) throws -> Void = { _ in
            try self.requireOpen()
            try self.requirePlace()
        }
        try WholeFile.make("\(path)/\(name.text)", if: decide) { file in
            try parts(file.append)
        }
    }

    func prune(keepMinutes: Int64, baseMinutes: Int64) throws {
        try requireOpen()
        try ShippedFiles(path).prune(keepMinutes: keepMinutes, baseMinutes: baseMinutes)
    }

    func close() {
        isOver.store(true, ordering: .releasing)
    }

    func letGo() {
        hold.withLock { $0.take() }?.release()
    }
}
