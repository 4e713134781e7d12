package import Basics
import FoundationEssentials
import Glibc

/// What a restore found.
package struct Restored: Sendable {
    /// How what was shipped ends.
    package enum Ending: Hashable, Sendable {
        /// Nothing is missing that can be known of.
        case whole
        /// In the middle of the last shipment: it was being written when everything stopped.
        case cutOff
        /// The next thing is a base that nothing leads to. What changed before it was never
        /// shipped: the place was out of reach for too long, or there was no store.
        case gap(until: Instant)
        /// Something follows that is damaged, or belongs elsewhere, or after a gap.
        case damaged
    }

    /// The store is as it was after the last change until then.
    package let time: Instant
    package let ending: Ending
    /// Bases that were passed over for an earlier one, because they are damaged.
    package let damagedBases: Int
    /// If the clock was set back before then, the latest time of a change that is in it all the
    /// same, since it was made before.
    package let ahead: Instant?
}

extension Shipping {
    /// Makes a store at `path`, where there must be none, as it was at `time` or, without one, as
    /// it was last; where times were told more than once, at the last of them. `open` undoes what
    /// `seal` did; `finish` is called with the file before it has its name. Unless told to go only
    /// as far as what is whole, it makes nothing of what is damaged.
    package static func restore(
        from folder: String,
        at time: Instant? = nil,
        to path: String,
        despiteDamage: Bool = false,
        open: ([UInt8]) throws -> [UInt8],
        finish: (_ unfinished: String) throws -> Void = { _ in }
    ) throws -> Restored {
        guard !FileManager.default.fileExists(atPath: path) else {
            throw StoreRefusedToOpen(description: "there is something at \(path) already")
        }
        let files = ShippedFiles(folder)
        guard let first = try files.names(.base).first else {
            throw RestoreRefused.nothingShipped(folder)
        }
        let point = try RestorePoint(at: time, in: files)
        guard !point.bases.isEmpty else { throw RestoreRefused.tooEarly(folder, first.time) }
        let unfinished = path + ".unfinished"
        Leftovers.add(unfinished)
        defer { Leftovers.remove(unfinished) }
        // A damaged base is no loss if the one before it is whole: there is only more to do.
        for (passed, base) in point.bases.reversed().enumerated() {
            removeFile(unfinished)
            let target = try RestoredFile(unfinished)
            guard try target.begin(with: base, in: files, open: open) else { continue }
            let ending = try target.follow(files, to: point, open: open)
            guard ending != .damaged || despiteDamage else {
                throw RestoreRefused.damaged(folder, after: target.time)
            }
            try target.finish()
            try finish(unfinished)
            guard unsafe rename(unfinished, path) == 0 else { throw FileTrouble(path, errno) }
            try flushToDisk(path)
            return Restored(
                time: target.time,
                ending: ending,
                damagedBases: passed,
                ahead: point.ahead
            )
        }
        throw RestoreRefused.doesNotOpen(folder)
    }
}

/// Why nothing was restored.
package enum RestoreRefused: Error, Hashable {
    case nothingShipped(String)
    /// The first moment there is.
    case tooEarly(String, Instant)
    /// Up to when it is whole.
    case damaged(String, after: Instant)
    /// Another key, or every base is damaged.
    case doesNotOpen(String)
}

/// A store that is being put together from shipments.
private final class RestoredFile {
    private(set) var time = Instant(milliseconds: 0)
    private var sequence: Int64 = -1
    /// Where in the log the last shipment began, where it ended, and how much of it was applied.
    private var origin: LogPosition?
    private var position: LogPosition?
    private var frames = 0
    private let path: String
    private let descriptor: Int32

    init(_ path: String) throws {
        self.path = path
        descriptor = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileTrouble(path, errno) }
    }

    deinit {
        close(descriptor)
    }

    /// False if the base is not whole: every page, in order, and then its end.
    func begin(
        with base: ShipmentName,
        in files: ShippedFiles,
        open: ([UInt8]) throws -> [UInt8]
    ) throws -> Bool {
        var next: UInt32 = 1
        var count: UInt32 = 0
        var isWhole = false
        var first: ShipmentLabel?
        let end = try ShipmentFile.read(files.path(of: base)) { label, sealed in
            guard !isWhole, let shipment = Self.opened(label, sealed, open),
                label.sequence == base.sequence, label.time == base.time,
                label.position == (first ?? label).position
            else {
                isWhole = false
                return false
            }
            first = label
            isWhole = label.kind == .baseEnd && count > 0 && next == count + 1
            for step in shipment.steps {
                guard label.kind == .base,
                    step.pages.map(\.number) == Array(next..<next + UInt32(step.pages.count))
                else { return false }
                next += UInt32(step.pages.count)
                count = step.storePages
                try apply(step, label.pageSize)
            }
            return true
        }
        guard isWhole, end == .whole, let first else { return false }
        sequence = first.sequence
        time = first.time
        position = first.position
        origin = first.position
        frames = first.position.frames
        return true
    }

    /// Applies what was shipped after the base.
    func follow(
        _ files: ShippedFiles,
        to point: RestorePoint,
        open: ([UInt8]) throws -> [UInt8]
    ) throws -> Restored.Ending {
        var ending = Restored.Ending.whole
        let base = sequence
        for log in try files.logs(after: base) {
            var isOver = false
            var index = -1
            let end = try ShipmentFile.read(files.path(of: log)) { label, sealed in
                index += 1
                guard label.sequence > base, label.sequence >= sequence else { return true }
                if label.sequence > sequence + 1 {
                    ending = try gap(files, open)
                    isOver = true
                    return false
                }
                guard let shipment = Self.opened(label, sealed, open),
                    label.origin == (label.sequence == sequence ? origin : position)
                else {
                    ending = .damaged
                    isOver = true
                    return false
                }
                ending = .whole
                isOver = try !apply(shipment, until: point.limit(of: log, index))
                return !isOver
            }
            if isOver { break }
            switch end {
            case .whole: break
            // If the process went on, the next file begins with that shipment anew.
            case .cutOff: ending = ending == .damaged ? .damaged : .cutOff
            case .damaged: ending = .damaged
            }
        }
        // Whatever is missing would be later.
        return time == point.limit ? .whole : ending
    }

    /// A missing number: left out when the thread was lost, or lost itself.
    private func gap(
        _ files: ShippedFiles,
        _ open: ([UInt8]) throws -> [UInt8]
    ) throws -> Restored.Ending {
        var ending = Restored.Ending.damaged
        guard let base = try files.names(.base).first(where: { $0.sequence > sequence }) else {
            return ending
        }
        try ShipmentFile.read(files.path(of: base)) { label, sealed in
            if Self.opened(label, sealed, open) != nil, label.origin == .nowhere {
                ending = .gap(until: label.time)
            }
            return false
        }
        return ending
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

    /// False if not all of it was wanted.
    private func apply(_ shipment: Shipment, until limit: Instant) throws -> Bool {
        let label = shipment.label
        if label.position.log != position?.log { frames = 0 }
        origin = label.origin
        position = label.position
        sequence = label.sequence
        // After trouble something may have been shipped twice, the second time with more.
        for step in shipment.steps where step.frames > frames {
            guard step.time <= limit else { return false }
            try apply(step, label.pageSize)
            frames = step.frames
            time = step.time
        }
        return true
    }

    private func apply(_ step: Shipment.Step, _ pageSize: Int) throws {
        for page in step.pages {
            try write(page.content, at: (Int(page.number) - 1) * pageSize)
        }
        guard ftruncate(descriptor, Int(step.storePages) * pageSize) == 0 else {
            throw FileTrouble(path, errno)
        }
    }

    private func write(_ bytes: [UInt8], at offset: Int) throws {
        try unsafe bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let start = unsafe buffer.baseAddress.map { unsafe $0 + done }
                let count = unsafe pwrite(descriptor, start, buffer.count - done, offset + done)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw FileTrouble(path, errno) }
                done += count
            }
        }
    }

    func finish() throws {
        guard fsync(descriptor) == 0 else { throw FileTrouble(path, errno) }
    }
}
