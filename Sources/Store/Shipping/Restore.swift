package import Basics
import FoundationEssentials
import Glibc

/// What a restore found.
package struct Restored: Sendable {
    /// The store is as it was after the last change until then.
    package let time: Instant
    /// False if later changes, though wanted, are missing or damaged.
    package let isComplete: Bool
}

extension Shipping {
    /// Makes a store at `path`, where there must be none, as it was at `time` or, without one, as
    /// it was last. `open` undoes what `seal` did.
    package static func restore(
        from folder: String,
        at time: Instant? = nil,
        to path: String,
        open: ([UInt8]) throws -> [UInt8]
    ) throws -> Restored {
        let limit = time ?? Instant(milliseconds: .max)
        guard !FileManager.default.fileExists(atPath: path) else {
            throw StoreRefusedToOpen(description: "there is something at \(path) already")
        }
        let folder = ShippingFolder(folder)
        let bases = try folder.names(.base).filter { $0.time <= limit }
        guard !bases.isEmpty else {
            throw StoreRefusedToOpen(description: "\(folder.path) has no base from before that")
        }
        let unfinished = path + ".unfinished"
        defer { removeFile(unfinished) }
        // A damaged base is no loss if the one before it is whole: there is only more to do.
        for base in bases.reversed() {
            removeFile(unfinished)
            let target = try RestoredFile(unfinished)
            guard try target.begin(with: base, in: folder, open: open) else { continue }
            let isComplete = try target.follow(folder, until: limit, open: open)
            try target.finish()
            guard unsafe rename(unfinished, path) == 0 else { throw StoreUnavailable.ioFailure }
            try flushToDisk(path)
            return Restored(time: target.time, isComplete: isComplete)
        }
        throw StoreRefusedToOpen(description: "every base in \(folder.path) is damaged")
    }
}

/// A store that is being put together from shipments.
private final class RestoredFile {
    private(set) var time = Instant(milliseconds: 0)
    private var sequence: Int64 = -1
    private let path: String
    private let descriptor: Int32

    init(_ path: String) throws {
        self.path = path
        descriptor = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreUnavailable.ioFailure }
    }

    deinit {
        close(descriptor)
    }

    /// False if the base is not whole.
    func begin(
        with base: ShippingFolder.Name,
        in folder: ShippingFolder,
        open: ([UInt8]) throws -> [UInt8]
    ) throws -> Bool {
        var isWhole = false
        try ShipmentFile.read(folder.path(of: base)) { label, sealed in
            guard label.sequence == base.sequence, label.time == base.time,
                let shipment = Self.opened(label, sealed, open)
            else { return false }
            try apply(shipment)
            isWhole = label.kind == .baseEnd
            return true
        }
        return isWhole
    }

    /// Applies what was shipped after the base. False if something that is wanted is missing.
    func follow(
        _ folder: ShippingFolder,
        until limit: Instant,
        open: ([UInt8]) throws -> [UInt8]
    ) throws -> Bool {
        var isComplete = true
        let base = sequence
        for log in try folder.logs(after: base) {
            var isOver = false
            let isWhole = try ShipmentFile.read(folder.path(of: log)) { label, sealed in
                // After trouble something may have been shipped twice, the second time with more.
                guard label.sequence > base, label.sequence >= sequence else { return true }
                guard label.time <= limit else {
                    isOver = true
                    return false
                }
                guard label.sequence <= sequence + 1 else {
                    isComplete = false
                    isOver = true
                    return false
                }
                guard let shipment = Self.opened(label, sealed, open) else {
                    isComplete = false
                    return false
                }
                isComplete = label.kind != .part
                try apply(shipment)
                return true
            }
            if isOver { break }
            isComplete = isComplete && isWhole
        }
        return isComplete
    }

    private static func opened(
        _ label: ShipmentLabel,
        _ sealed: [UInt8],
        _ open: ([UInt8]) throws -> [UInt8]
    ) -> Shipment? {
        guard let bytes = try? open(sealed), let shipment = Shipment(bytes),
            shipment.label == label
        else { return nil }
        return shipment
    }

    private func apply(_ shipment: Shipment) throws {
        let label = shipment.label
        for page in shipment.pages {
            try write(page.content, at: (Int(page.number) - 1) * label.pageSize)
        }
        guard ftruncate(descriptor, Int(label.storePages) * label.pageSize) == 0 else {
            throw StoreUnavailable.diskFull
        }
        sequence = label.sequence
        time = label.time
    }

    private func write(_ bytes: [UInt8], at offset: Int) throws {
        try unsafe bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let start = unsafe buffer.baseAddress.map { unsafe $0 + done }
                let count = unsafe pwrite(descriptor, start, buffer.count - done, offset + done)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw StoreUnavailable.diskFull }
                done += count
            }
        }
    }

    func finish() throws {
        guard fsync(descriptor) == 0 else { throw StoreUnavailable.ioFailure }
    }
}

func removeFile(_ path: String) {
    try? FileManager.default.removeItem(atPath: path)
}
