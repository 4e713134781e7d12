import Basics
import Glibc

/// A file of sealed shipments, one after another. Each has its length, a checksum, its label and
/// then its sealed bytes. The file is only ever appended to.
final class ShipmentFile: Sendable {
    private let descriptor: Int32

    private static let prefixBytes = 4 + 8

    init(making path: String) throws {
        descriptor = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreUnavailable.ioFailure }
        do {
            try flushToDisk(path)
        } catch {
            close(descriptor)
            throw error
        }
    }

    deinit {
        close(descriptor)
    }

    /// Tells how many bytes it took. Not on disk before `flush`.
    func append(_ label: ShipmentLabel, _ sealed: [UInt8]) throws -> Int {
        let rest = label.bytes + sealed
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.prefixBytes + rest.count)
        bytes.append(UInt32(rest.count))
        bytes.append(Checksum(of: rest).value)
        bytes.append(contentsOf: rest)
        try write(bytes)
        return bytes.count
    }

    func flush() throws {
        guard fdatasync(descriptor) == 0 else { throw StoreUnavailable.ioFailure }
    }

    private func write(_ bytes: [UInt8]) throws {
        try unsafe bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let start = unsafe buffer.baseAddress.map { unsafe $0 + done }
                let count = unsafe Glibc.write(descriptor, start, buffer.count - done)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw StoreUnavailable.ioFailure }
                done += count
            }
        }
    }

    /// Reads on until `body` says false, the file ends, or what follows is not whole: a file that
    /// was being written when the machine stopped may end in the middle of a shipment. False if
    /// it ended so.
    @discardableResult
    static func read(
        _ path: String,
        _ body: (ShipmentLabel, _ sealed: [UInt8]) throws -> Bool
    ) throws -> Bool {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StoreUnavailable.ioFailure }
        defer { close(descriptor) }
        while true {
            let prefix = next(prefixBytes, descriptor)
            guard !prefix.isEmpty else { return true }
            guard prefix.count == prefixBytes else { return false }
            let length = Int(prefix.number(at: 0, bytes: 4))
            // A length that is damaged must not ask for all the memory there is.
            guard length <= 1 << 30 else { return false }
            let rest = next(length, descriptor)
            guard rest.count == length, Checksum(of: rest).value == prefix.number(at: 4, bytes: 8),
                let label = ShipmentLabel(rest)
            else { return false }
            guard try body(label, Array(rest[ShipmentLabel.byteCount...])) else { return true }
        }
    }

    /// So many bytes, or what is left.
    private static func next(_ count: Int, _ descriptor: Int32) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let start = unsafe buffer.baseAddress.map { unsafe $0 + filled }
                let done = unsafe Glibc.read(descriptor, start, count - filled)
                if done < 0, errno == EINTR { continue }
                guard done > 0 else { return }
                filled += done
            }
        }
    }
}
