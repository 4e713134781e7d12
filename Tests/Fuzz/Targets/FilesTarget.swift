import Basics
import Foundation

@testable import HTTPServer

/// What a client may ask of a file (a range, a condition, a compression), a line each: only the
/// file's own bytes are ever sent, and always as the standard says.
enum FilesTarget {
    static func check(_ bytes: [UInt8]) throws {
        let asked = lines(bytes, 5)
        let names = ["range", "if-none-match", "if-range", "accept-encoding", "if-match"]
        let fields = zip(names, asked).compactMap { name, value in value.map { (name, $0) } }
        let request = HTTPRequest(
            method: .get,
            path: files.url("robots.txt"),
            headers: HTTPHeaders(fields),
            receivedAt: Instant(milliseconds: 0)
        )
        guard let response = files.response(for: request) else {
            throw Broken(description: "the file is there")
        }
        try hold(!response.headers.isSpoilt, "every field can be sent")
        let isSqueezed = response.headers["content-encoding"] == "gzip"
        let sent = isSqueezed ? squeezed : content
        try hold(!isSqueezed || asked[3] != nil, "compressed only where it was asked")
        switch response.status {
        case 200:
            try same(response.body.all, sent, "the whole file")
        case 304:
            try same(response.body.count, 0, "nothing follows")
            try hold(asked[1] != nil, "only where it was asked")
        case 206:
            guard case .slice(let part) = response.body else {
                throw Broken(description: "a part of the file")
            }
            let field = "bytes \(part.startIndex)-\(part.endIndex - 1)/\(sent.count)"
            try same(response.headers["content-range"], field, "the part named")
            try same(Array(part), Array(sent[part.indices]), "the part named")
            try hold(!part.isEmpty, "never nothing")
        case 416: try same(response.headers["content-range"], "bytes */\(content.count)", "416")
        case 412: try hold(asked[4] != nil, "only where it was asked")
        default: throw Broken(description: "status \(response.status)")
        }
        let range = asked[0] ?? ""
        for count in [0, 1, content.count] {
            try same(ByteRange.read(range, of: count), byTheBook(range, count), "\(range)")
        }
    }

    private static let content = Array(
        String(repeating: "User-agent: *\nDisallow: /static/\n", count: 10).utf8
    )

    private static let squeezed: [UInt8] = {
        let request = HTTPRequest(
            method: .get,
            path: files.url("robots.txt"),
            headers: HTTPHeaders([("accept-encoding", "gzip")]),
            receivedAt: Instant(milliseconds: 0)
        )
        return files.response(for: request)?.body.all ?? []
    }()

    private static let files: StaticFiles = {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "kith-fuzz-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(content).write(to: folder.appending(path: "robots.txt"))
            return try StaticFiles.load(folder: folder.path)
        } catch {
            // Nothing can be looked for without it, and libFuzzer tells of what stops a target.
            fatalError("the file to ask for could not be made: \(error)")
        }
    }()

    /// RFC 9110, 14.1.2 and 14.2, another way: digits too many for a number are one past all ends.
    private static func byTheBook(_ field: String, _ count: Int) -> ByteRange {
        guard let match = Array(field.utf8).wholeRange else { return .ignored }
        let (first, last) = (match.first.map(number), match.last.map(number))
        switch (first, last) {
        case (nil, nil): return .ignored
        case (nil, let suffix?):
            return suffix == 0 || count == 0 ? .beyond : .range(max(0, count - suffix)..<count)
        case (let first?, let last):
            if let last, last < first { return .ignored }
            if first >= count { return .beyond }
            return .range(first..<min(last ?? .max, count - 1) + 1)
        }
    }

    private static func number(_ digits: [UInt8]) -> Int {
        digits.reduce(0) { sum, digit in
            let (tens, isBeyond) = sum.multipliedReportingOverflow(by: 10)
            let (next, isOver) = tens.addingReportingOverflow(Int(digit - 0x30))
            return sum == .max || isBeyond || isOver ? .max : next
        }
    }
}

extension [UInt8] {
    /// `bytes=first-last`, either of which may be missing.
    fileprivate var wholeRange: (first: [UInt8]?, last: [UInt8]?)? {
        let unit = Array("bytes=".utf8)
        guard starts(with: unit) else { return nil }
        let isDigit: (UInt8) -> Bool = { (0x30...0x39).contains($0) }
        let first = dropFirst(unit.count).prefix(while: isDigit)
        let rest = self[first.endIndex...]
        guard rest.first == 0x2D, rest.dropFirst().allSatisfy(isDigit) else { return nil }
        let last = rest.dropFirst()
        return (first.isEmpty ? nil : Array(first), last.isEmpty ? nil : Array(last))
    }
}
