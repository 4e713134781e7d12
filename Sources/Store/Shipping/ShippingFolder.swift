import Basics
import FoundationEssentials
import Synchronization

/// A folder that shipments are appended to, in files that grow to a certain length.
final class ShippingFolder: ShippingPlace {
    private struct Open {
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
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        try hold.withLock { hold in
            try requireOpen()
            if hold == nil { hold = try FileLock(serving: path + "/place") }
        }
        // Left of a process that was killed while it made a base.
        for name in try FileManager.default.contentsOfDirectory(atPath: path)
        where name.hasPrefix("base-") && name.hasSuffix(".unfinished") {
            removeFile("\(path)/\(name)")
        }
        return try ShippedFiles(path).survey()
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
                current = Open(file: try newFile(label))
            }
            // After a failure it may end in half a shipment: what comes next is in another file.
            open = nil
            try requireOpen()
            try current.file.append(bytes)
            try current.file.flush()
            current.byteCount += bytes.count
            open = current
        }
    }

    private func newFile(_ first: ShipmentLabel) throws -> FileWriter {
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
        let file = try FileWriter(making: "\(path)/\(name.text)")
        try flushToDisk("\(path)/\(name.text)")
        return file
    }

    func sendBase(
        _ name: ShipmentName,
        _ parts: (_ append: ([UInt8]) throws -> Void) throws -> Void
    ) throws {
        try requireOpen()
        try WholeFile.make("\(path)/\(name.text)", if: requireOpen) { file in
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
