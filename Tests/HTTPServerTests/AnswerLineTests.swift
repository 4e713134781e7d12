import Foundation
import Testing

@testable import HTTPServer

@Suite struct AnswerLineTests {
    @Test func `an answer is one line of JSON, whatever a client calls its method`() throws {
        var bytes: [UInt8] = []
        for method in [HTTPMethod.get, .other("A\"B\\C\nD\u{7F}")] {
            AnsweredRequest(
                number: 255,
                method: method,
                status: 200,
                bytes: 13,
                microseconds: 42,
                label: "/week"
            ).appendLine(at: 1_795_255_200_000, to: &bytes)
        }
        let lines = bytes.split(separator: 0x0A)
        #expect(lines.count == 2)
        #expect(
            String(decoding: lines[0], as: UTF8.self)
                == """
                {"at":1795255200000,"event":"request","id":"00000000000000ff","method":"GET",\
                "route":"/week","status":200,"bytes":13,"microseconds":42}
                """
        )
        let second = try JSONSerialization.jsonObject(with: Data(lines[1])) as? [String: Any]
        #expect(second?["method"] as? String == "A\"B\\C D ")
    }

    @Test func `what was no request has a dash for its method and its route`() {
        var bytes: [UInt8] = []
        AnsweredRequest(
            number: 1,
            method: nil,
            status: 400,
            bytes: 0,
            microseconds: 0,
            label: nil
        ).appendLine(at: 0, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self).contains(#""method":"-","route":"-","#))
    }
}
