import Basics
import Events
import Ledger
import ProofLog
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

    @Test func `a log that was tampered with keeps no other from being signed`() throws {
        let rig = try Rig()
        try rig.database.write { try Checkpoints.plan(in: $0) }
        rig.clock.advance(seconds: 61)
        try rig.community.runner.runDue()
        #expect(try rig.checkpoints() == 3)
        try rig.database.write { change in
            try change.run("DROP TRIGGER prooflog_checkpoint_no_update")
            try change.run(
                "UPDATE prooflog_checkpoint SET root = zeroblob(32) WHERE log = \(Ledger.log.name)"
            )
        }
        for signed in 4...5 {
            _ = try rig.browser("ben")
            rig.clock.advance(seconds: 61)
            try rig.community.runner.runDue()
            #expect(try rig.checkpoints() == signed)
        }
        let refused = try rig.database.write { try rig.community.checkpoints.sign(in: $0) }
        #expect(
            refused == [
                "the proof log ledger did not grow from its last checkpoint; it was not signed"
            ]
        )
    }
}

extension Rig {
    fileprivate func checkpoints() throws -> Int {
        try database.read { try $0.value("SELECT count(*) FROM prooflog_checkpoint") } ?? 0
    }
}
