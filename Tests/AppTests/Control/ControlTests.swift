import Glibc
import Store
import Synchronization
import TestSupport
import Testing

@testable import App

@Suite struct ControlTests {
    private let question = Control.Question(command: "token", words: ["list"], name: "eve")

    @Test func `whoever serves the folder is asked`() throws {
        let folder = try TestFolder()
        let control = try Control.listen(in: folder.path) { question in
            Control.Answer(
                lines: ["\(question.command) \(question.words) \(question.name ?? "")"]
            )
        }
        defer { control.stop() }
        for _ in 0..<3 {
            #expect(
                try Control.ask(question, in: folder.path) == ["token [\"list\"] eve"]
            )
        }
    }

    @Test func `where nobody serves, a command is on its own`() throws {
        let folder = try TestFolder()
        #expect(try Control.ask(question, in: folder.path) == nil)
        let control = try Control.listen(in: folder.path) { _ in Control.Answer(lines: []) }
        #expect(try Control.ask(question, in: folder.path) == [])
        control.stop()
        #expect(try Control.ask(question, in: folder.path) == nil)
    }

    @Test func `what a process that died has left is no hindrance`() throws {
        let folder = try TestFolder()
        _ = try LocalSocket.listen(in: folder.path)
        let control = try Control.listen(in: folder.path) { _ in Control.Answer(lines: ["here"]) }
        defer { control.stop() }
        #expect(try Control.ask(question, in: folder.path) == ["here"])
    }

    @Test func `a problem is told in its own words`() throws {
        let folder = try TestFolder()
        let control = try Control.listen(in: folder.path) { _ in throw Unusable("not today") }
        defer { control.stop() }
        let problem = #expect(throws: Unusable.self) {
            try Control.ask(question, in: folder.path)
        }
        #expect(problem?.description == "not today")
    }

    @Test func `a folder may be as deep as it likes`() throws {
        let folder = try TestFolder()
        let deep = folder.path + String(repeating: "/a-long-name-for-a-folder", count: 8)
        try Opening.folder(deep)
        let control = try Control.listen(in: deep) { _ in Control.Answer(lines: ["deep"]) }
        defer { control.stop() }
        #expect(try Control.ask(question, in: deep) == ["deep"])
    }

    @Test func `what is no question is answered as a problem`() throws {
        let folder = try TestFolder()
        let control = try Control.listen(in: folder.path) { _ in Control.Answer(lines: []) }
        defer { control.stop() }
        let socket = try #require(
            LocalSocket.connect(to: folder.path, trusting: Trusted(with: folder.path))
        )
        defer { socket.close() }
        socket.send("{")
        #expect(socket.receive()?.contains("problem") == true)
    }

    @Test func `nobody is told anything who is neither this user, nor root, nor the owner`() throws
    {
        let folder = try TestFolder()
        let asked = Mutex(0)
        let control = try Control.listen(in: folder.path) { _ in
            asked.withLock { $0 += 1 }
            return Control.Answer(lines: ["eve now has: admin"])
        }
        defer { control.stop() }
        let strangers = Trusted(users: [geteuid() + 4242])
        #expect(try Control.ask(question, in: folder.path, trusting: strangers) == nil)
        #expect(asked.withLock { $0 } == 0)
        #expect(Trusted(with: folder.path).users == [0, geteuid()])
    }

    @Test func `the folder above is asked only if it is one of communities, of someone trusted`()
        throws
    {
        let folder = try TestFolder()
        let data = folder.path + "/mine"
        try Opening.folder(data)
        let control = try Control.listen(in: folder.path) { question in
            Control.Answer(lines: ["eve now has: admin"], community: question.community ?? "")
        }
        defer { control.stop() }
        #expect(try Control.ask(question, in: data) == nil)
        let lock = try FileLock(serving: folder.path + "/communities")
        defer { lock.release() }
        #expect(try Control.ask(question, in: data) == ["eve now has: admin"])
        let strangers = Trusted(users: [geteuid() + 4242])
        #expect(!strangers.owns(folder.path + "/communities.lock"))
        #expect(try Control.ask(question, in: data, trusting: strangers) == nil)
    }

    @Test func `an answer for another community is refused`() throws {
        let folder = try TestFolder()
        let data = folder.path + "/mine"
        try Opening.folder(data)
        let lock = try FileLock(serving: folder.path + "/communities")
        defer { lock.release() }
        for other in ["yours", ""] {
            let control = try Control.listen(in: folder.path) { _ in
                Control.Answer(lines: ["eve now has: admin"], community: other)
            }
            let problem = #expect(throws: Unusable.self) {
                try Control.ask(question, in: data)
            }
            #expect(problem?.description.contains("another community") == true)
            control.stop()
        }
    }
}
