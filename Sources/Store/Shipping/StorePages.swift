import Glibc

/// The pages of a store's file that nobody else uses.
final class StorePages {
    let count: UInt32
    private let descriptor: Int32
    private let pageSize: Int

    private static let chunkPages = 256

    init(_ path: String, pageSize: Int) throws {
        self.pageSize = pageSize
        descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StoreUnavailable.ioFailure }
        count = UInt32(max(0, lseek(descriptor, 0, SEEK_END)) / pageSize)
    }

    deinit {
        close(descriptor)
    }

    /// All of them, some at a time.
    func each(_ body: ([Shipment.Page]) throws -> Void) throws {
        for start in stride(from: 0, to: Int(count), by: Self.chunkPages) {
            let end = min(start + Self.chunkPages, Int(count))
            try body(
                try (start..<end).map { index in
                    Shipment.Page(number: UInt32(index + 1), content: try page(index))
                }
            )
        }
    }

    func page(_ index: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: pageSize)
        let done = unsafe bytes.withUnsafeMutableBytes {
            unsafe pread(descriptor, $0.baseAddress, pageSize, index * pageSize)
        }
        guard done == pageSize else { throw StoreUnavailable.ioFailure }
        return bytes
    }
}
