import Basics

@testable import Channels
@testable import HTTPServer

/// What goes out with foreign text in it, a line each: fields of an answer and headers of a
/// letter. Nothing in it can begin another field, another answer or another letter.
enum AnswerTarget {
    static func check(_ bytes: [UInt8]) throws {
        // Lines end at a NUL here, so that line breaks themselves can be tried.
        let parts = bytes.split(separator: 0, maxSplits: 3, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        let texts = (0..<4).map { $0 < parts.count ? parts[$0] : "" }
        try checkFields(name: texts[0], value: texts[1], other: texts[2])
        try checkLetter(texts)
    }

    private static func checkFields(name: String, value: String, other: String) throws {
        var headers = ResponseHeaders([("Content-Type", "text/plain"), (name, value)])
        let isSpoilt = headers.isSpoilt
        try same(breaks(headers.bytes), isSpoilt ? 1 : 2, "as many lines as fields")
        guard !isSpoilt else { return }
        try hold(headers.contains(name), "the field is there")
        headers[name] = other
        if !headers.isSpoilt { try same(headers[name], other, "the field put in its place") }
        headers[name] = nil
        try hold(!headers.contains(name), "the field taken away")
        _ = headers[other]
    }

    private static func checkLetter(_ texts: [String]) throws {
        let letter = Letter(
            to: texts[0],
            from: texts[1],
            subject: texts[2],
            body: texts[3],
            messageID: texts[1],
            at: Instant(milliseconds: 1_795_255_200_000)
        )
        let wire = letter.wire
        try hold(wire.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x0D || $0 == 0x0A }, "plain")
        let text = String(decoding: wire, as: UTF8.self)
        let head = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
            .prefix { Array($0) != [0x0D] }
        try same(head.count, 9, "nine headers and no more")
        let isOfLines = head.allSatisfy { $0.last == 0x0D && $0.count { $0 == 0x0D } == 1 }
        try hold(isOfLines, "each ends in CR LF")
        let body = text.utf8.split(separator: 0x0A).dropFirst(head.count + 1)
        try hold(body.allSatisfy { $0.first != 0x2E && $0.count <= 78 }, "no line is an end")
    }

    private static func breaks(_ bytes: [UInt8]) -> Int {
        bytes.count { $0 == 0x0A }
    }
}
