import Basics
import Foundation
import Testing

@testable import Channels

@Suite struct PostcodeTests {
    private static let areas = ["HX", "OL14", "OL16"]

    @Test(arguments: [
        ("hx78aa", "HX7 8AA"), (" HX7  8AA ", "HX7 8AA"), ("ol14 5aa", "OL14 5AA"),
        ("W1A 1AA", "W1A 1AA"), ("m1 1ae", "M1 1AE"),
    ])
    func `blanks and case do not matter`(typed: String, text: String) {
        #expect(Postcode(typed)?.text == text)
    }

    @Test(arguments: ["", "ZZ", "HX7", "HX7 8A", "H77 8AA7", "1X7 8AA", "HX7 AAA", "HXX7 8AA"])
    func `what has not the shape of a postcode is none`(typed: String) {
        #expect(Postcode(typed) == nil)
    }

    @Test(arguments: [
        ("HX7 8AA", true), ("HX12 8AA", true), ("OL14 5AA", true), ("OL16 5AA", true),
        ("OL1 5AA", false), ("LS1 1UR", false), ("H1 1AA", false),
    ])
    func `only the areas served are covered`(text: String, isIn: Bool) {
        #expect(Postcode(text)?.isIn(Self.areas) == isIn)
    }
}

@Suite struct LetterTests {
    @Test func `nothing in a letter can become a header or an end`() {
        let letter = Letter(
            to: "a@b.co\r\nBcc: c@d.ef",
            from: "Kith <kith@example.org>",
            subject: "Hello\r\nBcc: c@d.ef",
            body: "One\r\n.\r\nQUIT\r\nTwo",
            messageID: "n1@example.org",
            at: Instant(milliseconds: 1_795_255_200_000)
        )
        let text = String(decoding: letter.wire, as: UTF8.self)
        let lines = text.components(separatedBy: "\r\n")
        #expect(!lines.contains { $0.hasPrefix("Bcc:") })
        #expect(!lines.contains("."))
        #expect(lines.contains("Date: Sat, 21 Nov 2026 10:00:00 +0000"))
    }
}
