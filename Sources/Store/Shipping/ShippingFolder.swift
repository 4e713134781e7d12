import Basics
import FoundationEssentials
import Glibc

/// The names in the second folder: what a file is, the number it begins with, and when it was
/// begun, so that in the order of their names they are in order.
struct ShippingFolder: Sendable {
    enum Kind: String {
        case base
        case log
    }

    struct Name: Hashable, Sendable {
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

    let path: String

    init(_ path: String) {
        self.path = path
    }

    func path(of name: Name) -> String { "\(path)/\(name.text)" }

    /// In order. A base that is still being made has another name.
    func names(_ kind: Kind) throws -> [Name] {
        try FileManager.default.contentsOfDirectory(atPath: path)
            .compactMap { Name($0) }
            .filter { $0.kind == kind }
            .sorted { ($0.sequence, $0.time) < ($1.sequence, $1.time) }
    }

    /// A new file for shipments, beginning with this one.
    func newLog(_ first: ShipmentLabel) throws -> ShipmentFile {
        // After trouble there may be one of that name, ending in the middle of a shipment.
        var name = Name(.log, first.sequence, first.time)
        while FileManager.default.fileExists(atPath: path(of: name)) {
            name = Name(.log, name.sequence, Instant(milliseconds: name.time.milliseconds + 1))
        }
        return try ShipmentFile(making: path(of: name))
    }

    /// A file that has its name only when it is whole and on disk.
    func makeWhole(_ name: Name, _ fill: (ShipmentFile) throws -> Void) throws {
        let unfinished = path(of: name) + ".unfinished"
        try? FileManager.default.removeItem(atPath: unfinished)
        do {
            let file = try ShipmentFile(making: unfinished)
            try fill(file)
            try file.flush()
            guard unsafe rename(unfinished, path(of: name)) == 0 else {
                throw StoreUnavailable.ioFailure
            }
            try flushToDisk(path(of: name))
        } catch {
            try? FileManager.default.removeItem(atPath: unfinished)
            throw error
        }
    }

    /// The logs in which something after this number may be.
    func logs(after sequence: Int64) throws -> ArraySlice<Name> {
        let all = try names(.log)
        let first = all.lastIndex { $0.sequence <= sequence + 1 } ?? all.startIndex
        return all[first...]
    }

    struct Survey: Sendable {
        /// The last whole shipment or base.
        var last: ShipmentLabel?
        var lastBase: Int64?
        /// Whether the shipments since the last base have no gap.
        var isCovered = true
    }

    func survey() throws -> Survey {
        var survey = Survey()
        if let base = try names(.base).last {
            survey.lastBase = base.sequence
            try ShipmentFile.read(path(of: base)) { label, _ in
                survey.last = label
                return false
            }
        }
        var expected = survey.lastBase ?? -1
        for log in try logs(after: expected) {
            try ShipmentFile.read(path(of: log)) { label, _ in
                guard label.sequence > survey.lastBase ?? -1 else { return true }
                if label.sequence > expected + 1 { survey.isCovered = false }
                expected = label.sequence
                survey.last = label
                return true
            }
        }
        if survey.lastBase == nil { survey.isCovered = false }
        return survey
    }

    func create() throws {
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
    }

    /// Removes what is not needed to restore the store as it was at `time` or later.
    func prune(before time: Instant) throws {
        guard let oldest = try names(.base).last(where: { $0.time <= time }) else { return }
        for name in try names(.base) where name.sequence < oldest.sequence { try remove(name) }
        let logs = try names(.log)
        for (log, next) in zip(logs, logs.dropFirst()) where next.sequence <= oldest.sequence {
            try remove(log)
        }
    }

    private func remove(_ name: Name) throws {
        try FileManager.default.removeItem(atPath: path(of: name))
    }
}

private func hexadecimal(_ number: Int64) -> String {
    let digits = String(UInt64(bitPattern: number), radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
}
