import Basics
import Testing

@testable import Web

@Suite struct JSONReaderTests {
    private func read(_ text: String) -> JSON? {
        try? JSONReader.read(Array(text.utf8))
    }

    @Test func `what is written is read again`() throws {
        let value = JSON.record([
            "text": .text("a \"quoted\"\\ line\nand \u{1F3E1} \u{1}"),
            "whole": .whole(-9_223_372_036_854_775_808),
            "list": .array([.null, .bool(true), .bool(false), .array([]), .object([])]),
        ])
        #expect(try JSONReader.read(value.bytes) == value)
    }

    @Test(arguments: [
        ("0", JSON.whole(0)), ("-0", .whole(0)), ("9223372036854775807", .whole(.max)),
        ("9223372036854775808", .fraction("9223372036854775808")), ("1.0", .fraction("1.0")),
        ("1e2", .fraction("1e2")), ("-2.5E-3", .fraction("-2.5E-3")),
    ])
    func `a number is whole and exact, or no whole number at all`(text: String, value: JSON) {
        #expect(read(text) == value)
    }

    @Test(arguments: [
        (#""\u00e9""#, "é"), (#""\ud83c\udfe1""#, "\u{1F3E1}"),
        (#""\/\b\f\n\r\t""#, "/\u{8}\u{C}\n\r\t"),
        (#""\u0000""#, "\0"),
    ])
    func `every escape is read`(text: String, value: String) {
        #expect(read(text) == .text(value))
    }

    @Test(arguments: [
        "", " ", "{", "}", "[1,]", "[,1]", "[1 2]", #"{"a":1,}"#, #"{"a"}"#, #"{a:1}"#, #"{'a':1}"#,
        #"{"a":1}x"#, "01", "+1", "1.", ".5", "1e", "--1", "NaN", "Infinity", "tru", "nulll",
        #"{"a":1,"a":2}"#, #""\ud800""#, #""\ud800\u0041""#, #""\udc00""#, #""\x""#, #""\u12g4""#,
        "\"a\nb\"", "\"a", "\u{FEFF}1", "// 1\n1",
    ])
    func `whatever two programs could understand differently is refused`(text: String) {
        #expect(read(text) == nil)
    }

    @Test func `bytes that are no UTF-8 are refused`() {
        for bytes: [UInt8] in [[0xC3], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xFF]] {
            #expect(throws: JSONReader.Malformed.self) {
                try JSONReader.read([0x22] + bytes + [0x22])
            }
        }
    }

    @Test func `nesting has an end`() {
        #expect(read(String(repeating: "[", count: 32) + String(repeating: "]", count: 32)) != nil)
        #expect(read(String(repeating: "[", count: 33) + String(repeating: "]", count: 33)) == nil)
        #expect(read(String(repeating: "[", count: 1_000_000)) == nil)
    }

    @Test func `any bytes at all are read or refused`() {
        let random = RandomSource.seeded(20)
        let letters = Array(#"{}[]",:\u0019-+.eE truefalsn"#.utf8)
        for _ in 0..<20_000 {
            let bytes = (0..<random.number(below: 24)).map { _ in
                letters[random.number(below: letters.count)]
            }
            guard let value = try? JSONReader.read(bytes) else { continue }
            #expect((try? JSONReader.read(value.bytes)) == value)
        }
    }
}
