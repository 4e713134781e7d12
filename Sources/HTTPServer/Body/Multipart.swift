/// A form with files (`multipart/form-data`, RFC 7578): a strict, bounded reading that tells
/// where in the body each part lies, so that a long file is never in memory whole.
package struct Multipart: Sendable {
    package struct Part: Sendable {
        package let name: String
        /// What the person's own computer called the file. Never a path to write to.
        package let fileName: String?
        package let contentType: String?
        /// Where its content lies in the body.
        package let range: Range<Int>
    }

    package let parts: [Part]
    private let body: HTTPBody

    package struct Limits: Sendable {
        package var parts = 100
        package var partHeadBytes = 4096
        package var fieldBytes = 64 * 1024

        package init() {}
    }

    /// `contentType` is the request's field, which names the boundary. Throws `BadForm`, or what
    /// the disk says of a body that lies in a file: then it belongs in the slow lane.
    package init(_ body: HTTPBody, contentType: String, limits: Limits = Limits()) throws {
        guard let boundary = Self.boundary(in: contentType) else { throw BadForm.malformed }
        var reader = MultipartReader(
            bytes: BodyWindow(body),
            boundary: Array("--\(boundary)".utf8)
        )
        parts = try reader.readAll(limits)
        self.body = body
        self.limits = limits
    }

    private let limits: Limits

    package subscript(name: String) -> Part? {
        parts.first { $0.name == name }
    }

    package func all(_ name: String) -> [Part] {
        parts.filter { $0.name == name }
    }

    /// A piece of a part's content; `range` counts from the part's beginning.
    package func read(_ part: Part, _ range: Range<Int>) throws -> [UInt8] {
        let start = part.range.lowerBound + range.lowerBound
        let end = part.range.lowerBound + range.upperBound
        precondition(range.lowerBound >= 0 && end <= part.range.upperBound)
        return try body.read(start..<end)
    }

    /// The parts without a file, as a plain form would have sent them.
    package func fields() throws -> FormData {
        var fields: [(name: String, value: String)] = []
        for part in parts where part.fileName == nil {
            guard part.range.count <= limits.fieldBytes else { throw BadForm.tooManyFields }
            let bytes = try body.read(part.range)
            guard !bytes.contains(0), let value = String(validating: bytes, as: UTF8.self) else {
                throw BadForm.notText
            }
            fields.append((part.name, value))
        }
        return FormData(fields)
    }

    private static func boundary(in contentType: String) -> String? {
        guard let value = FieldParameters(contentType, kind: "multipart/form-data")?["boundary"],
            (1...70).contains(value.utf8.count), value.utf8.allSatisfy(isBoundaryByte),
            value.utf8.last != 0x20
        else { return nil }
        return value
    }

    private static func isBoundaryByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case 0x20, 0x27...0x29, 0x2B...0x2F, 0x3A, 0x3D, 0x3F, 0x5F: true
        default: false
        }
    }
}

/// A body byte by byte, of which one piece at a time is in memory.
private struct BodyWindow {
    let count: Int
    private let body: HTTPBody
    private var piece: [UInt8] = []
    private var start = 0

    init(_ body: HTTPBody) {
        self.body = body
        count = body.count
        if let bytes = body.bytes { piece = bytes }
    }

    subscript(place: Int) -> UInt8 {
        mutating get throws {
            if place < start || place >= start + piece.count {
                start = place - place % SpooledFile.chunkBytes
                piece = try body.read(start..<min(count, start + SpooledFile.chunkBytes))
            }
            return piece[place - start]
        }
    }
}

private struct MultipartReader {
    var bytes: BodyWindow
    let boundary: [UInt8]
    private var place = 0

    init(bytes: BodyWindow, boundary: [UInt8]) {
        self.bytes = bytes
        self.boundary = boundary
    }

    /// A delimiter is CR LF and the boundary; the first one stands at the very beginning.
    mutating func readAll(_ limits: Multipart.Limits) throws -> [Multipart.Part] {
        var parts: [Multipart.Part] = []
        guard try skip(boundary) else { throw BadForm.malformed }
        while try !skip([0x2D, 0x2D]) {
            guard try skip([0x0D, 0x0A]) else { throw BadForm.malformed }
            guard parts.count < limits.parts else { throw BadForm.tooManyFields }
            parts.append(try readPart(limits))
        }
        // After the last delimiter there is nothing, or one line end.
        if place < bytes.count { guard try skip([0x0D, 0x0A]) else { throw BadForm.malformed } }
        guard place == bytes.count else { throw BadForm.malformed }
        return parts
    }

    private mutating func readPart(_ limits: Multipart.Limits) throws -> Multipart.Part {
        let end = place + limits.partHeadBytes
        var disposition: FieldParameters?
        var contentType: String?
        while true {
            let line = try readLine(before: end)
            if line.isEmpty { break }
            guard let colon = line.firstIndex(of: 0x3A),
                let name = String(validating: line[..<colon], as: UTF8.self)?.lowercased(),
                let value = String(validating: line[(colon + 1)...], as: UTF8.self)
            else { throw BadForm.malformed }
            switch name {
            case "content-disposition":
                guard disposition == nil,
                    let read = FieldParameters(value, kind: "form-data")
                else { throw BadForm.malformed }
                disposition = read
            case "content-type":
                contentType = String(decoding: trimmed(Array(value.utf8)[...]), as: UTF8.self)
            default: break
            }
        }
        guard let disposition, let name = disposition["name"] else { throw BadForm.malformed }
        return Multipart.Part(
            name: Self.unescaped(name),
            fileName: disposition["filename"].map(Self.unescaped),
            contentType: contentType,
            range: try readContent()
        )
    }

    private mutating func readLine(before end: Int) throws -> [UInt8] {
        var line: [UInt8] = []
        while place + 1 < min(end, bytes.count) {
            let byte = try bytes[place]
            place += 1
            if byte == 0x0D {
                guard try bytes[place] == 0x0A else { throw BadForm.malformed }
                place += 1
                return line
            }
            guard byte >= 0x20 || byte == 0x09 else { throw BadForm.malformed }
            line.append(byte)
        }
        throw BadForm.malformed
    }

    private mutating func readContent() throws -> Range<Int> {
        let start = place
        while place < bytes.count {
            if try bytes[place] == 0x0D {
                let mark = place
                if try skip([0x0D, 0x0A] + boundary) { return start..<mark }
            }
            place += 1
        }
        throw BadForm.malformed
    }

    /// Goes past these bytes if they come next; else it stays where it is.
    private mutating func skip(_ wanted: [UInt8]) throws -> Bool {
        guard bytes.count - place >= wanted.count else { return false }
        for offset in wanted.indices {
            guard try bytes[place + offset] == wanted[offset] else { return false }
        }
        place += wanted.count
        return true
    }

    /// Browsers write a quote or a line end in a name with these three escapes, and no others.
    private static func unescaped(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
        var plain: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let next = String(decoding: rest.prefix(2), as: UTF8.self).uppercased()
            if byte == UInt8(ascii: "%"), let escaped = escapes[next] {
                plain.append(escaped)
                rest = rest.dropFirst(2)
            } else {
                plain.append(byte)
            }
        }
        return String(decoding: plain, as: UTF8.self)
    }

    private static let escapes: [String: UInt8] = ["22": 0x22, "0D": 0x0D, "0A": 0x0A]
}
