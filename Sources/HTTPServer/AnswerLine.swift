extension AnsweredRequest {
    /// Appends the access log's line of this answer: one event in JSON, and the end of the line.
    /// Bytes are put together here, since a log written for each request must cost next to nothing.
    package func appendLine(at milliseconds: Int64, to bytes: inout [UInt8]) {
        bytes += "{\"at\":".utf8
        bytes += String(milliseconds).utf8
        bytes += ",\"event\":\"request\",\"id\":\"".utf8
        RequestNumber.append(number, to: &bytes)
        bytes += "\",\"method\":\"".utf8
        Self.append(method?.name, to: &bytes)
        bytes += "\",\"route\":\"".utf8
        Self.append(label, to: &bytes)
        bytes += "\",\"status\":".utf8
        bytes += String(status).utf8
        bytes += ",\"bytes\":".utf8
        bytes += String(self.bytes).utf8
        bytes += ",\"microseconds\":".utf8
        bytes += String(microseconds).utf8
        bytes += "}\n".utf8
    }

    /// A line stays one line of JSON, whatever a client calls its method.
    private static func append(_ text: String?, to bytes: inout [UInt8]) {
        for byte in (text ?? "-").utf8 {
            if byte == 0x22 || byte == 0x5C { bytes.append(0x5C) }
            bytes.append(byte < 0x20 || byte == 0x7F ? 0x20 : byte)
        }
    }
}
