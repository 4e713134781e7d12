import Basics
import Events
import Store
import Testing

@testable import App

@Suite struct CheckpointsTests {
    @Test func `each minute what has grown is signed, and nothing else`() throws {
        let rig = try Rig()
        try rig.database.write { try Checkpoints.plan(in: $0) }
        try rig.community.runner.runDue()
        #expect(try rig.checkpoints() == 0)
        rig.clock.advance(seconds: 61)
        try rig.community.runner.runDue()
        #expect(try rig.checkpoints() == 3)
        rig.clock.advance(seconds: 61)
        try rig.community.runner.runDue()
        #expect(try rig.checkpoints() == 3)
        // Signing in is a line of the audit, and of no other log.
        _ = try rig.browser("ben")
        rig.clock.advance(seconds: 61)
        try rig.community.runner.runDue()
        #expect(try rig.checkpoints() == 4)
    }
}

extension Rig {
    fileprivate func checkpoints() throws -> Int {
        try database.read { try $0.value("SELECT count(*) FROM prooflog_checkpoint") } ?? 0
    }
}
