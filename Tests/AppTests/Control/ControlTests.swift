import TestSupport
import Testing

@testable import App

@Suite struct ControlTests {
    private let question = Control.Question(command: "token", words: ["list"], name: "eve")

    @Test func `whoever serves the folder is asked`() throws {
        let folder = try TestFolder()
        let control = try Control.listen(in: folder.path) { question in
            ["\(question.command) \(question.words) \(question.name ?? "")"]
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
        let control = try Control.listen(in: folder.path) { _ in [] }
        #expect(try Control.ask(question, in: folder.path) == [])
        control.stop()
        #expect(try Control.ask(question, in: folder.path) == nil)
    }

    @Test func `what a process that died has left is no hindrance`() throws {
        let folder = try TestFolder()
        _ = try LocalSocket.listen(in: folder.path)
        let control = try Control.listen(in: folder.path) { _ in ["here"] }
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
        let control = try Control.listen(in: deep) { _ in ["deep"] }
        defer { control.stop() }
        #expect(try Control.ask(question, in: deep) == ["deep"])
    }

    @Test func `what is no question is answered as a problem`() throws {
        let folder = try TestFolder()
        let control = try Control.listen(in: folder.path) { _ in [] }
        defer { control.stop() }
        let socket = try #require(LocalSocket.connect(to: folder.path))
        defer { socket.close() }
        socket.send("{")
        #expect(socket.receive()?.contains("problem") == true)
    }
}
