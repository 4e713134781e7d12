import Foundation
import Testing

@testable import HTTPServer

@Suite struct AnswerLineTests {
    @Test func `an answer is one line of JSON, whatever a client calls its method`() throws {
        let answers = [HTTPMethod.get, .other("A\"B\\C\nD\u{7F}")].map { method in
            AnsweredRequest(
                number: 255,
                method: method,
                status: 200,
                bytes: 13,
                microseconds: 42,
                label: "/week"
            )
        }
        let lines = AnsweredRequest.lines(of: answers, at: 1_795_255_200_000)
            .split(separator: 0x0A)
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

    @Test func `of many communities the line names the one`() {
        var answer = AnsweredRequest(
            number: 1,
            method: .get,
            status: 200,
            bytes: 0,
            microseconds: 5,
            label: "/"
        )
        answer.community = "north.kith.example"
        let bytes = AnsweredRequest.lines(of: [answer], at: 7)
        #expect(
            String(decoding: bytes, as: UTF8.self).hasPrefix(
                #"{"at":7,"community":"north.kith.example","event":"request","id":"0000000000000001","#
            )
        )
    }

    @Test func `what was no request has a dash for its method and its route`() {
        let answer = AnsweredRequest(
            number: 1,
            method: nil,
            status: 400,
            bytes: 0,
            microseconds: 0,
            label: nil
        )
        let bytes = AnsweredRequest.lines(of: [answer], at: 0)
        #expect(String(decoding: bytes, as: UTF8.self).contains(#""method":"-","route":"-","#))
    }

    @Test(arguments: [0, 9, 10, 1_234_567_890, .max, -1, .min])
    func `a number is spelt as everywhere`(number: Int) {
        var bytes: [UInt8] = []
        bytes.append(addingCapacity: 20) { $0.put(decimal: number) }
        #expect(String(decoding: bytes, as: UTF8.self) == "\(number)")
    }
}
