import Basics
import Events
import Store
import TestSupport
import Testing

@testable import App

@Suite struct DeadLetterTests {
    /// Of another version, perhaps.
    private struct Unknown: Job {
        static let name = "unknown"
        let number: Int
    }

    private func ask(_ rig: Rig, _ words: String...) throws -> [String] {
        try rig.community.answer(Control.Question(command: "dead-letter", words: words))
    }

    @Test func `work that was given up is listed, tried again and dropped by command`() throws {
        let rig = try Rig(serving: TestStore.fresh(time: StandingClock(Rig.start).source))
        #expect(try ask(rig, "list") == ["no work was given up"])
        try rig.database.write { change in
            try change.schedule(Unknown(number: 1), at: change.now)
        }
        try rig.community.runner.runDue()

        let line = try #require(try ask(rig, "list").first)
        #expect(line.contains("unknown") && line.contains("1 tries"))
        let id = String(line.prefix { $0 != " " })
        #expect(try ask(rig, "retry", id) == ["\(id) is tried again"])
        #expect(try ask(rig, "list") == ["no work was given up"])

        try rig.community.runner.runDue()
        let again = String(try #require(try ask(rig, "list").first).prefix { $0 != " " })
        #expect(again != id)
        #expect(try ask(rig, "discard", again) == ["\(again) is dropped"])
        try rig.community.runner.runDue()
        #expect(try ask(rig, "list") == ["no work was given up"])
    }

    @Test func `a dead letter that is not there, and words nobody knows, are refused`() throws {
        let rig = try Rig(serving: TestStore.fresh(time: StandingClock(Rig.start).source))
        for words in [[], ["list", "all"], ["retry"], ["retry", "x"], ["bury", "0000000000001"]] {
            #expect(throws: Unusable.self, "\(words)") {
                try rig.community.answer(Control.Question(command: "dead-letter", words: words))
            }
        }
        let missing = #expect(throws: Unusable.self) { try ask(rig, "retry", "0000000000001") }
        #expect(missing?.description == "there is no dead letter 0000000000001")
    }
}
