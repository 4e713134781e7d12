extension AnsweredRequest {
    /// Appends the access log's line of this answer: one event in JSON, and the end of the line.
    /// Bytes are put together here, since a log written for each request must cost next to nothing.
    package func appendLine(at milliseconds: Int64, to bytes: inout [UInt8]) {
        bytes += Self.opening
        bytes += String(milliseconds).utf8
        bytes += Self.beforeID
        RequestNumber.append(number, to: &bytes)
        bytes += Self.beforeMethod
        Self.append(method?.name, to: &bytes)
        bytes += Self.beforeRoute
        Self.append(label, to: &bytes)
        bytes += Self.beforeStatus
        bytes += String(status).utf8
        bytes += Self.beforeBytes
        bytes += String(self.bytes).utf8
        bytes += Self.beforeMicroseconds
        bytes += String(microseconds).utf8
        bytes += Self.closing
    }

    // Arrays are copied at once, and the bytes of a string literal one by one.
    private static let opening = Array("{\"at\":".utf8)
    private static let beforeID = Array(",\"event\":\"request\",\"id\":\"".utf8)
    private static let beforeMethod = Array("\",\"method\":\"".utf8)
    private static let beforeRoute = Array("\",\"route\":\"".utf8)
    private static let beforeStatus = Array("\",\"status\":".utf8)
    private static let beforeBytes = Array(",\"bytes\":".utf8)
    private static let beforeMicroseconds = Array(",\"microseconds\":".utf8)
    private static let closing = Array("}\n".utf8)

    /// A line stays one line of JSON, whatever a client calls its method.
    private static func append(_ text: String?, to bytes: inout [UInt8]) {
        for byte in (text ?? "-").utf8 {
            if byte == 0x22 || byte == 0x5C { bytes.append(0x5C) }
            bytes.append(byte < 0x20 || byte == 0x7F ? 0x20 : byte)
        }
    }
}
