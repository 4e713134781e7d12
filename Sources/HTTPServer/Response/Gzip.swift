import CZlib

/// Compression by zlib.
enum Gzip {
    /// Whether an Accept-Encoding field allows it.
    static func isWanted(_ field: String?) -> Bool {
        guard let field else { return false }
        return Array(field.utf8).split(separator: 0x2C).contains { part in
            let words = part.split(separator: 0x3B).map(trimmed)
            // No weight at all, however it is spelt (0, 0.0, 0.000), forbids it.
            let isForbidden = words.dropFirst().contains { word in
                isWord(word.prefix(3), "q=0")
                    && word.dropFirst(3).allSatisfy { $0 == 0x30 || $0 == 0x2E }
            }
            return words.first.map { isWord($0, "gzip") } == true && !isForbidden
        }
    }

    /// Nil where it would not be shorter.
    static func compress(_ bytes: [UInt8], level: Int32) -> [UInt8]? {
        var stream = unsafe z_stream()
        // 15 bits of window, and 16 for a gzip head round it.
        guard
            unsafe deflateInit2_(
                &stream,
                level,
                Z_DEFLATED,
                15 + 16,
                8,
                Z_DEFAULT_STRATEGY,
                ZLIB_VERSION,
                Int32(MemoryLayout<z_stream>.size)
            ) == Z_OK
        else { return nil }
        defer { unsafe deflateEnd(&stream) }
        var input = bytes
        var output = [UInt8](repeating: 0, count: bytes.count)
        let outcome = unsafe input.withUnsafeMutableBufferPointer { input in
            unsafe output.withUnsafeMutableBufferPointer { output in
                unsafe stream.next_in = input.baseAddress
                unsafe stream.avail_in = UInt32(input.count)
                unsafe stream.next_out = output.baseAddress
                unsafe stream.avail_out = UInt32(output.count)
                return unsafe deflate(&stream, Z_FINISH)
            }
        }
        guard outcome == Z_STREAM_END else { return nil }
        output.removeLast(unsafe Int(stream.avail_out))
        return output
    }
}
