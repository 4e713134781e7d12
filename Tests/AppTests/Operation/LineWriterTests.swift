import Dispatch
import Foundation
import Glibc
import TestSupport
import Testing

@testable import App

@Suite struct LineWriterTests {
    private let reading: FileHandle
    private let writing: Int32
    private let writer: LineWriter
    private let pipe = Pipe()

    init() {
        reading = pipe.fileHandleForReading
        writing = pipe.fileHandleForWriting.fileDescriptor
        writer = LineWriter(writing)
        writer.stopWaiting { "\($0) lost" }
    }

    private func write(_ numbers: Range<Int>) {
        for number in numbers {
            writer.write(Array("\(number) \(String(repeating: "x", count: 1000))\n".utf8))
        }
    }

    /// Reads until a line begins like this.
    private func read(until beginning: String) throws -> [String] {
        var bytes: [UInt8] = []
        while true {
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            if bytes.last == UInt8(ascii: "\n"), lines.last?.hasPrefix(beginning) == true {
                return lines.map {
                    String($0.prefix { $0 != "x" }).trimmingCharacters(in: .whitespaces)
                }
            }
            try #require(comesToRead(reading.fileDescriptor), "nothing came after \(beginning)")
            let more = reading.availableData
            try #require(!more.isEmpty, "it ended too early")
            bytes += more
        }
    }

    @Test func `nobody waits for a reader, and what was lost is told in its place`() throws {
        let begun = ContinuousClock.now
        write(0..<5000)
        // A writer that waited would wait for ever.
        #expect(ContinuousClock.now - begun < .seconds(60))
        let lost = writer.lost
        #expect(lost > 2000 && lost < 4500)
        let lines = try read(until: "\(lost) lost")
        #expect(lines.dropLast() == (0..<(5000 - lost)).map { "\($0)" }[...])

        write(5000..<5001)
        #expect(try read(until: "5000") == ["5000"])
        #expect(writer.lost == lost)
    }

    @Test func `the end waits for what is read, and not for ever`() throws {
        write(0..<40)
        writer.finish(by: .now() + .seconds(5))
        write(40..<1000)
        let begun = ContinuousClock.now
        writer.finish(by: .now() + .milliseconds(300))
        let took = ContinuousClock.now - begun
        #expect(took > .milliseconds(250) && took < .seconds(60))
        #expect(try read(until: "999") == (0..<1000).map { "\($0)" })
        writer.finish(by: .now() + .seconds(5))
    }

    @Test func `what is written when a reader has gone holds nothing up`() throws {
        signal(SIGPIPE, SIG_IGN)
        try reading.close()
        write(0..<3000)
        writer.finish(by: .now() + .seconds(5))
        write(0..<1)
        // What is still on its way would come out of whatever has this number next.
        writer.finish(by: .now() + .seconds(5))
        #expect(writer.lost < 3000)
    }
}

/// As the real program does, whose standard output nobody reads.
@Suite struct UnreadLogTests {
    @Test func `whoever does not read the log holds up neither visitors nor the end`() throws {
        let unread = Pipe()
        let end = unread.fileHandleForWriting.fileDescriptor
        let served = try ServedCommunity(output: .descriptor(end))
        let page = "http://localhost:\(served.port)/healthz"
        for _ in 0..<8 {
            let answers = try served.curl(["--max-time", "10", "\(page)?[1-100]"])
            #expect(answers == String(repeating: "ok\n", count: 100))
        }
        let begun = ContinuousClock.now
        #expect(served.stop() == .exited(0))
        #expect(ContinuousClock.now - begun < .seconds(60))
        withExtendedLifetime(unread) {}
    }
}
