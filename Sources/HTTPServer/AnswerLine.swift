extension AnsweredRequest {
    /// The access log's lines of these answers: each is one event in JSON, and the end of a line.
    /// Bytes are put together here, since a log written for each request must cost next to nothing.
    package static func lines(of answers: [AnsweredRequest], at milliseconds: Int64) -> [UInt8] {
        let beginning = Array("{\"at\":\(milliseconds)".utf8)
        var lines: [UInt8] = []
        lines.reserveCapacity(answers.count * (beginning.count + shortBytes + 40))
        for answer in answers { answer.appendLine(beginning, to: &lines) }
        return lines
    }

    /// The words and numbers of a line that are ours.
    private static let shortBytes = 200

    private func appendLine(_ beginning: [UInt8], to lines: inout [UInt8]) {
        let method = method?.name ?? "-"
        let label = label ?? "-"
        let texts = method.utf8.count + label.utf8.count + (community?.utf8.count ?? 0)
        let most = beginning.count + Self.shortBytes + 2 * texts
        lines.append(addingCapacity: most) { line in
            line.put(beginning)
            if let community {
                line.put(",\"community\":\"")
                Self.put(community, on: &line)
                line.put("\"")
            }
            line.put(",\"event\":\"request\",\"id\":\"")
            line.put(hexadecimal: number)
            line.put("\",\"method\":\"")
            Self.put(method, on: &line)
            line.put("\",\"route\":\"")
            Self.put(label, on: &line)
            line.put("\",\"status\":")
            line.put(decimal: status)
            line.put(",\"bytes\":")
            line.put(decimal: bytes)
            line.put(",\"microseconds\":")
            line.put(decimal: microseconds)
            line.put("}\n")
        }
    }

    /// A line stays one line of JSON, whatever a client calls its method.
    private static func put(_ text: String, on line: inout OutputSpan<UInt8>) {
        for byte in text.utf8 {
            if byte == 0x22 || byte == 0x5C { line.append(0x5C) }
            line.append(byte < 0x20 || byte == 0x7F ? 0x20 : byte)
        }
    }
}
