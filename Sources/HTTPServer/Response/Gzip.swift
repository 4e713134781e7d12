import CZlib

/// Compression by zlib.
enum Gzip {
    /// Nil where it would not be shorter.
    static func compress(_ bytes: [UInt8], level: Int32) -> [UInt8]? {
        GzipPress(level: level)?.compress(bytes)
    }
}

/// Compresses one after another in the same memory: to ask for a quarter of a megabyte and clear
/// it takes as long as to compress a short page.
@safe
final class GzipPress {
    /// zlib's own state points back at it, so that it may never move.
    private let stream: UnsafeMutablePointer<z_stream>

    init?(level: Int32) {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // 15 bits of window, and 16 for a gzip head round it.
        let code = unsafe deflateInit2_(
            stream,
            level,
            Z_DEFLATED,
            15 + 16,
            8,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        guard code == Z_OK else {
            unsafe stream.deallocate()
            return nil
        }
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    func compress(_ bytes: [UInt8]) -> [UInt8]? {
        guard unsafe deflateReset(stream) == Z_OK else { return nil }
        var isWhole = false
        let squeezed = unsafe [UInt8](unsafeUninitializedCapacity: bytes.count) { output, count in
            unsafe bytes.withUnsafeBufferPointer { input in
                unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                unsafe stream.pointee.avail_in = UInt32(input.count)
                unsafe stream.pointee.next_out = output.baseAddress
                unsafe stream.pointee.avail_out = UInt32(output.count)
                isWhole = unsafe deflate(stream, Z_FINISH) == Z_STREAM_END
                count = unsafe output.count - Int(stream.pointee.avail_out)
            }
        }
        return isWhole ? squeezed : nil
    }
}
