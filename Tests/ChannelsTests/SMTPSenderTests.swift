import Basics
import Dispatch
import Events
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Channels

/// A mail server that says what it is told to, one connection long.
private final class TalkingServer: Sendable {
    let port: Int
    private let whole = Atomic<Bool>(false)
    private let listener: Int32

    /// `answers` by the word that a line begins with; anything else is answered 250. A letter is
    /// answered after `seconds`. One that is silent says nothing at all.
    init(
        _ answers: [String: String] = [:],
        isSilent: Bool = false,
        secondsForLetter seconds: UInt32 = 0
    ) throws {
        let found = try LoopbackListener()
        listener = found.descriptor
        port = found.port
        DispatchQueue(label: "mail").async { [listener, weak self] in
            let found = accept(listener, nil, nil)
            guard found >= 0 else { return }
            defer { close(found) }
            if !isSilent { Self.say("220 here", found) }
            var isInLetter = false
            while let line = Self.line(found) {
                if isSilent || isInLetter && line != ".\r\n" { continue }
                if isInLetter {
                    isInLetter = false
                    self?.whole.store(true, ordering: .relaxed)
                    sleep(seconds)
                }
                let word = String(line.prefix(4))
                if word == "DATA", answers[word] == nil {
                    isInLetter = true
                    Self.say("354 go on", found)
                } else {
                    Self.say(answers[word] ?? "250 good", found)
                }
            }
        }
    }

    deinit { close(listener) }

    /// It has a whole letter.
    var hasLetter: Bool { whole.load(ordering: .relaxed) }

    private static func line(_ descriptor: Int32) -> String? {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while unsafe read(descriptor, &byte, 1) == 1 {
            line.append(byte)
            if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
        }
        return nil
    }

    private static func say(_ text: String, _ descriptor: Int32) {
        let bytes = Array("\(text)\r\n".utf8)
        _ = unsafe write(descriptor, bytes, bytes.count)
    }
}

@Suite struct SMTPSenderTests {
    private func send(
        _ url: String,
        needsTLS: Bool = false,
        while mayGoOn: @escaping MayGoOn = { true }
    ) throws {
        let letter = Letter(
            to: "ben.okafor@example.org",
            from: "Kith <kith@localhost>",
            subject: "Hello",
            body: "lamp",
            messageID: "a@b",
            at: Instant(milliseconds: 0)
        )
        let sender = MailSender.smtp(
            SMTPSettings(url: url, needsTLS: needsTLS, timeoutSeconds: 20)
        )
        try sender.send(letter, mayGoOn)
    }

    private func reason(_ url: String, needsTLS: Bool = false) -> String? {
        #expect(throws: MailRefused.self) { try send(url, needsTLS: needsTLS) }?.logged
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

    @Test func `a server that says nothing holds no end`() throws {
        let server = try TalkingServer(isSilent: true)
        let begun = ContinuousClock.now
        #expect(throws: CutOff.self) {
            try send("smtp://127.0.0.1:\(server.port)") {
                ContinuousClock.now - begun < .milliseconds(300)
            }
        }
        #expect(ContinuousClock.now - begun < .seconds(5))
    }

    @Test func `a letter that the server has whole is not left to be sent again`() throws {
        let server = try TalkingServer(secondsForLetter: 2)
        try send("smtp://127.0.0.1:\(server.port)") { !server.hasLetter }
        #expect(server.hasLetter)
    }

    @Test func `for what it says of a whole letter the end waits some seconds`() throws {
        let server = try TalkingServer(secondsForLetter: 15)
        let begun = ContinuousClock.now
        #expect(throws: CutOff.self) {
            try send("smtp://127.0.0.1:\(server.port)") {
                !server.hasLetter
            }
        }
        let took = ContinuousClock.now - begun
        #expect(took > .seconds(4) && took < .seconds(10), "\(took)")
    }
}
