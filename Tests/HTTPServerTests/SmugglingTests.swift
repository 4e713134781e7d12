import Testing

@testable import HTTPServer

/// Requests that two programs, one behind the other, might end in different places: the ways that
/// are known of hiding a length from one of them. Each is refused, however it is split.
@Suite struct SmugglingTests {
    /// Ways of writing a field so that some programs see it and others do not. FIRST and REST are
    /// the name's two halves.
    private static let disguises: [String] = [
        "NAME : VALUE",
        "NAME\t: VALUE",
        "NAME x: VALUE",
        " NAME: VALUE",
        "\tNAME: VALUE",
        "X: y\r\n NAME: VALUE",
        "X: y\r\n\tNAME: VALUE",
        "NAME:\r\n VALUE",
        "NAME:\n VALUE",
        "NAME\r\n : VALUE",
        "NAME\n: VALUE",
        "X: y\nNAME: VALUE",
        "X: y\rNAME: VALUE",
        "X:\nNAME: VALUE",
        "X: y\n\nNAME: VALUE",
        "X: y\r\r\nNAME: VALUE",
        "X: y\n\rNAME: VALUE",
        "FIRST\rREST: VALUE",
        "FIRST\u{0}REST: VALUE",
        "FIRST_REST: VALUE",
        "FIRST REST: VALUE",
        "FIRST\\REST: VALUE",
        "FIRST.REST: VALUE",
        "FIRSTREST: VALUE",
        "NAME': VALUE",
        "NAME: VALUE\r\nNAME: VALUE",
        "NAME: VALUE\r\nFIRST-rest: VALUE",
        "NAME:\r\nNAME: VALUE",
        "NAME: VALUE\r\nNAME:",
        "NAME: VALUE, VALUE",
        "NAME: ,VALUE",
        "NAME: VALUE,",
        "NAME: \"VALUE\"",
        "NAME: 'VALUE'",
        "NAME: VALUE;q=1",
        "NAME: VALUE (x)",
        "NAME: +VALUE",
        "NAME VALUE",
        "NAME\u{FF1A} VALUE",
        "NAME\u{E9}: VALUE",
    ]

    /// Bytes that some programs take for blanks, or for nothing.
    private static let oddBytes: [UInt8] = [
        0x00, 0x01, 0x0B, 0x0C, 0x0D, 0x1F, 0x7F, 0x85, 0xA0, 0xFF,
    ]

    private static func fields(_ disguise: String, _ name: String, _ value: String) -> [UInt8] {
        let halves = name.split(separator: "-")
        let text = disguise.replacing("NAME", with: name).replacing("VALUE", with: value)
            .replacing("FIRST", with: halves[0]).replacing("REST", with: halves[1])
            .replacing("rest", with: halves[1].lowercased())
        return Array(text.utf8)
    }

    private static func fields(_ odd: UInt8, _ name: String, _ value: String) -> [[UInt8]] {
        let (name, value) = (Array(name.utf8), Array(value.utf8))
        let colon: [UInt8] = [0x3A, 0x20]
        return [
            name + colon + [odd] + value, name + colon + value + [odd],
            name + [odd] + colon + value,
        ]
    }

    private static func check(_ bytes: [UInt8], _ name: String, _ expected: ParserTests.Verdict) {
        let found = ParserTests.verdicts(bytes)
        #expect(found.whole == expected, "\(name), whole")
        #expect(found.drip == expected, "\(name), byte by byte")
        #expect(found.halves == [expected.description], "\(name), in two")
    }

    private static let start = Array("POST /1 HTTP/1.1\r\nHost: a.example\r\n".utf8)
    private static let hidden = "GET /hidden HTTP/1.1\r\nHost: a.example\r\n\r\n"

    /// Alone, and behind a field that tells the plain truth.
    private static func checkHidden(_ field: [UInt8], _ body: String) {
        let name = String(decoding: field, as: UTF8.self).debugDescription
        let rest = field + Array("\r\n\r\n\(body)\(hidden)".utf8)
        check(start + rest, name, .refused(400))
        for plain in ["Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n"] {
            check(start + Array(plain.utf8) + rest, "\(plain)\(name)", .refused(400))
        }
    }

    @Test(arguments: disguises)
    func `a length in disguise is refused`(disguise: String) {
        Self.checkHidden(Self.fields(disguise, "Content-Length", "\(Self.hidden.utf8.count)"), "")
    }

    @Test(arguments: disguises)
    func `chunks in disguise are refused`(disguise: String) {
        Self.checkHidden(Self.fields(disguise, "Transfer-Encoding", "chunked"), "0\r\n\r\n")
    }

    @Test(arguments: oddBytes)
    func `an odd byte in a length or a coding is refused`(byte: UInt8) {
        for field in Self.fields(byte, "Content-Length", "\(Self.hidden.utf8.count)") {
            Self.checkHidden(field, "")
        }
        for field in Self.fields(byte, "Transfer-Encoding", "chunked") {
            Self.checkHidden(field, "0\r\n\r\n")
        }
    }

    @Test(arguments: [
        "identity", "xchunked", "chunkedx", "chunk", "chunked chunked", "gzip", "x", "cow",
        "identity, chunked", "chunked, identity", "identity, chunked, identity", "chunked, gzip",
        "chun\u{212A}ed", "ch\u{FC}nked", "\u{FF43}hunked", "chunked\u{301}", "%63hunked",
    ])
    func `another coding than chunks is refused`(coding: String) {
        let line = "Transfer-Encoding: \(coding)\r\n\r\n0\r\n\r\n\(Self.hidden)"
        Self.check(Self.start + Array(line.utf8), coding, .refused(400))
    }

    @Test(arguments: ["\n", "\r", "\rX", "\r\r", "\n\r", "", "XX", "\u{B}", "\u{85}"])
    func `a chunk that ends in anything but CR LF is refused`(end: String) {
        let start = Self.start + Array("Transfer-Encoding: chunked\r\n\r\n".utf8)
        for (place, chunks) in [
            "after a size": "3\(end)xyz\r\n0\r\n\r\n",
            "after an extension": "3;x\(end)xyz\r\n0\r\n\r\n",
            "within an extension": "3;\(end)y\r\nxyz\r\n0\r\n\r\n",
            "after a chunk": "3\r\nxyz\(end)0\r\n\r\n",
            "after the last size": "0\(end)\r\n",
            "after a trailer": "0\r\nX: y\(end)\r\n",
        ] {
            // What may stand in an extension, and an end that is missing altogether, are no end.
            if place == "within an extension", ["", "XX", "\u{85}"].contains(end) { continue }
            let bytes = start + Array("\(chunks)\(Self.hidden)".utf8)
            Self.check(bytes, place, .refused(400))
        }
    }

    @Test(arguments: [
        "", " 3", "3 ", "\t3", "3\t", "+3", "-3", "0x3", "3,", "3.0", "g", "\u{FF13}",
        "0000000000000003", "ffffffffffffffff", "8000000000000000", "3 ;x", "3\u{0}", "\"3\"",
    ])
    func `a size that is not plain is refused`(size: String) {
        let chunks = "Transfer-Encoding: chunked\r\n\r\n\(size)\r\nabc\r\n0\r\n\r\n"
        Self.check(Self.start + Array(chunks.utf8), size, .refused(400))
    }

    @Test func `a request behind another is its own, whoever counts`() {
        let body = Array("Content-Length: 3\r\n\r\nabc\(Self.hidden)".utf8)
        Self.check(Self.start + body, "length", .accepted(["POST /1 abc", "GET /hidden "]))
        let chunks = Array("transfer-encoding:\tChunked\t\r\n\r\n3\r\nabc\r\n0\r\n\r\n".utf8)
        Self.check(
            Self.start + chunks + Array(Self.hidden.utf8),
            "chunks",
            .accepted(["POST /1 abc", "GET /hidden "])
        )
    }
}
