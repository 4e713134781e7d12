import Basics
import Dispatch
import Glibc
import TestSupport
import Testing

@testable import Channels

/// A mail server that says what it is told to, one connection long.
private final class TalkingServer: Sendable {
    let port: Int
    private let listener: Int32

    /// `answers` by the word that a line begins with; anything else is answered 250.
    init(_ answers: [String: String]) throws {
        let found = try LoopbackListener()
        listener = found.descriptor
        port = found.port
        DispatchQueue(label: "mail").async { [listener] in
            let found = accept(listener, nil, nil)
            guard found >= 0 else { return }
            Self.say("220 here", found)
            var line: [UInt8] = []
            var byte: UInt8 = 0
            while unsafe read(found, &byte, 1) == 1 {
                line.append(byte)
                guard byte == UInt8(ascii: "\n") else { continue }
                let word = String(decoding: line.prefix(4), as: UTF8.self)
                line = []
                Self.say(answers[word] ?? "250 good", found)
            }
            close(found)
        }
    }

    deinit { close(listener) }

    private static func say(_ text: String, _ descriptor: Int32) {
        let bytes = Array("\(text)\r\n".utf8)
        _ = unsafe write(descriptor, bytes, bytes.count)
    }
}

@Suite struct SMTPSenderTests {
    private func reason(_ url: String, needsTLS: Bool = false) -> String? {
        let letter = Letter(
            to: "ben.okafor@example.org",
            from: "Kith <kith@localhost>",
            subject: "Hello",
            body: "lamp",
            messageID: "a@b",
            at: Instant(milliseconds: 0)
        )
        let sender = MailSender.smtp(
            SMTPSettings(url: url, needsTLS: needsTLS, timeoutSeconds: 10)
        )
        let error = #expect(throws: MailRefused.self) { try sender.send(letter) }
        return error?.logged
    }

    @Test func `a server that is not there is named, with the reason`() throws {
        // Nobody may listen at the lowest port without being root, and nobody does.
        let words = try #require(reason("smtp://127.0.0.1:1"))
        #expect(words.hasPrefix("the letter was not taken: "), "\(words)")
        #expect(words.contains("127.0.0.1 port 1"), "\(words)")
    }

    @Test func `an answer that refuses is told by its number, and names nobody`() throws {
        let server = try TalkingServer(["RCPT": "550 ben.okafor@example.org is not here"])
        let words = try #require(reason("smtp://127.0.0.1:\(server.port)"))
        #expect(words.contains("550"), "\(words)")
        #expect(!words.contains("ben") && !words.contains("@"), "\(words)")
    }

    @Test func `a server without TLS is told as that where TLS is needed`() throws {
        let server = try TalkingServer([:])
        let words = try #require(reason("smtp://127.0.0.1:\(server.port)", needsTLS: true))
        #expect(words.contains("SSL") || words.contains("TLS"), "\(words)")
    }

    @Test func `a mailbox that is named all the same is left out`() {
        let refused = MailRefused("not sent", "the box <ben@example.org> is full: 452")
        #expect(refused.reason == "not sent: the box … is full: 452")
        #expect(MailRefused("not sent", "").reason == "not sent")
    }
}
