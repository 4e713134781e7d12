import Basics
import Crypto
import Store
import TestSupport
import Testing

@testable import ProofLog

@Suite struct ProofLogTests {
    private let log = ProofLog(name: "test")

    /// The tree by its definition, without anything kept.
    private func model(_ leaves: ArraySlice<[UInt8]>) -> [UInt8] {
        if leaves.isEmpty { return SHA256.hash([]) }
        if leaves.count == 1 { return leaves[leaves.startIndex] }
        var half = 1
        while half * 2 < leaves.count { half *= 2 }
        let middle = leaves.startIndex + half
        return MerkleTree.node(
            model(leaves[leaves.startIndex..<middle]),
            model(leaves[middle..<leaves.endIndex])
        )
    }

    private func record(_ number: Int) -> [UInt8] {
        Array("record \(number)".utf8)
    }

    @Test func `the empty log has the root that RFC 6962 gives it`() throws {
        let database = try TestStore.fresh()
        let root = try database.read { try log.root(in: $0) }
        #expect(
            Hex.encode(root)
                == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        )
    }

    @Test func `every root and proof is that of the tree by its definition`() throws {
        let database = try TestStore.fresh()
        let records = (0..<70).map(record)
        let leaves = records.map { MerkleTree.leaf($0) }
        try database.write { change in
            for record in records { _ = try log.append(record, in: change) }
        }
        for size in 1...70 {
            try database.read { data in
                let root = try log.root(of: Int64(size), in: data)
                #expect(root == model(leaves[..<size]))
                for index in 0..<size {
                    #expect(
                        MerkleTree.verifies(
                            leaf: leaves[index],
                            at: Int64(index),
                            in: Int64(size),
                            root: root,
                            proof: try log.inclusionProof(of: Int64(index), in: Int64(size), data)
                        )
                    )
                }
                for first in 1...size {
                    #expect(
                        MerkleTree.verifies(
                            from: Int64(first),
                            model(leaves[..<first]),
                            to: Int64(size),
                            root,
                            proof: try log.consistencyProof(
                                from: Int64(first),
                                to: Int64(size),
                                in: data
                            )
                        )
                    )
                }
            }
        }
    }

    private func signer() throws -> CheckpointSigner {
        let secret = SecretKey(bytes: [UInt8](repeating: 7, count: 32))
        return try CheckpointSigner(name: "Test", secret: secret)
    }

    private func origin(_ checkpoint: Checkpoint) -> String {
        String(checkpoint.note.prefix { $0 != "\n" })
    }

    @Test func `the log of a store that was restored is signed under an origin of its own`() throws
    {
        let signer = try signer()
        let pattern = try TestStore.fresh()
        func sign(_ number: Int, in database: Database) throws -> Checkpoint {
            try database.write { change in
                _ = try log.append(record(number), in: change)
                return try log.checkpoint(signer, in: change)
            }
        }
        let first = try sign(0, in: pattern)
        #expect(origin(first) == "Test/test")
        pattern.close()
        var origins: Set<String> = []
        for number in 1...2 {
            let restored = try Database.inMemory(copyOf: pattern.path)
            // One of a version that knew no restoring.
            if number == 2 { try restored.write { try $0.run("DROP TABLE prooflog_restoring") } }
            try Restoring.mark(restored)
            let checkpoint = try sign(number, in: restored)
            let parts = origin(checkpoint).split(separator: "/")
            #expect(parts.count == 3 && parts[0] == "Test" && parts[2] == "test")
            origins.insert(origin(checkpoint))
            // What was signed before and since holds.
            let problems = try restored.read { data in
                try log.verify((0...1).map { ("\($0)", record($0 * number)) }, in: data)
                    + log.verifySignatures(signer.verifier, in: data)
            }
            #expect(problems == [])
        }
        #expect(origins.count == 2, "nor do two that were restored from one share an origin")
    }

    @Test func `a store that is not migrated yet is signed under its own origin`() throws {
        let signer = try signer()
        let database = try TestStore.fresh()
        try database.write { change in
            _ = try log.append(record(0), in: change)
            try change.run("DROP TABLE prooflog_restoring")
        }
        let checkpoint = try database.read { try log.current(signer, in: $0).checkpoint }
        #expect(origin(checkpoint) == "Test/test")
    }

    @Test func `a log that lacks a node takes no leaf`() throws {
        let written = try TestStore.fresh()
        try written.write { change in
            for number in 0..<3 { _ = try log.append(record(number), in: change) }
        }
        try Tampering.run("DELETE FROM prooflog_node WHERE level = 1", on: written)
        written.close()
        let database = try Database.inMemory(copyOf: written.path)
        #expect(throws: MissingNode.self) {
            try database.write { _ = try log.append(record(9), in: $0) }
        }
    }

    @Test func `a wrong leaf, place or size is not proven`() throws {
        let database = try TestStore.fresh()
        try database.write { change in
            for number in 0..<13 { _ = try log.append(record(number), in: change) }
        }
        try database.read { data in
            let root = try log.root(in: data)
            let proof = try log.inclusionProof(of: 5, in: 13, data)
            let leaf = MerkleTree.leaf(record(5))
            #expect(MerkleTree.verifies(leaf: leaf, at: 5, in: 13, root: root, proof: proof))
            #expect(!MerkleTree.verifies(leaf: leaf, at: 4, in: 13, root: root, proof: proof))
            #expect(
                !MerkleTree.verifies(
                    leaf: MerkleTree.leaf(record(6)),
                    at: 5,
                    in: 13,
                    root: root,
                    proof: proof
                )
            )
            #expect(
                !MerkleTree.verifies(
                    leaf: leaf,
                    at: 5,
                    in: 13,
                    root: root,
                    proof: Array(proof.dropLast())
                )
            )
        }
    }

    @Test func `a change that is undone leaves the log as it was`() throws {
        struct Undone: Error {}
        let database = try TestStore.fresh()
        try database.write { change in _ = try log.append(record(0), in: change) }
        #expect(throws: Undone.self) {
            try database.write { change in
                _ = try log.append(record(1), in: change)
                throw Undone()
            }
        }
        let position = try database.write { try log.append(record(2), in: $0) }
        #expect(position == 1)
        let rows = [record(0), record(2)].map { (name: "row", record: $0) }
        #expect(try database.read { try log.verify(rows, in: $0) }.isEmpty)
    }

    @Test(arguments: 0..<20)
    func `whatever row was changed is named`(seed: UInt64) throws {
        let database = try TestStore.fresh()
        let random = RandomSource.seeded(seed)
        let count = 2 + random.number(below: 30)
        try database.write { change in
            for number in 0..<count { _ = try log.append(record(number), in: change) }
        }
        var rows = (0..<count).map { (name: "row \($0)", record: record($0)) }
        let wrong = random.number(below: count)
        rows[wrong].record[random.number(below: rows[wrong].record.count)] ^= 1
        let tampered = rows
        let problems = try database.read { try log.verify(tampered, in: $0) }
        #expect(problems.count == 1)
        #expect(problems.first?.description.hasPrefix("row \(wrong) ") == true)
    }

    @Test func `records may come in any order, and what is gone or too many is named`() throws {
        let database = try TestStore.fresh()
        try database.write { change in
            for number in 0..<13 { _ = try log.append(record(number), in: change) }
        }
        func problems(_ numbers: [Int]) throws -> [String] {
            try database.read { data in
                var check = try ProofCheck(of: log, in: data)
                for number in numbers {
                    try check.add(record(number), at: Int64(number), "row \(number)", in: data)
                }
                return try check.end(in: data).map(\.description)
            }
        }
        #expect(try problems((0..<13).reversed()) == [])
        #expect(
            try problems((0..<14).filter { $0 != 5 }) == [
                "row 13 has no leaf in the proof log test",
                "the proof log test has leaf 5, but its row is gone",
            ]
        )
    }

    @Test func `a node that is wrong, missing or too many is named once`() throws {
        let database = try TestStore.fresh()
        try database.write { change in
            for number in 0..<13 { _ = try log.append(record(number), in: change) }
            try change.run("DROP TRIGGER prooflog_node_no_update")
            try change.run("DROP TRIGGER prooflog_node_no_delete")
            let hash = MerkleTree.leaf(record(99))
            try change.run(
                "UPDATE prooflog_node SET hash = \(hash) WHERE level = 1 AND position = 2"
            )
            try change.run("DELETE FROM prooflog_node WHERE level = 2 AND position = 0")
            try change.run("INSERT INTO prooflog_node VALUES ('test', 2, 3, \(hash))")
        }
        let rows = (0..<13).map { (name: "row \($0)", record: record($0)) }
        #expect(
            try database.read { try log.verify(rows, in: $0) }.map(\.description) == [
                "node 0 of level 2 of the proof log test is wrong",
                "node 2 of level 1 of the proof log test is wrong",
                "node 3 of level 2 of the proof log test should not be there",
            ]
        )
    }

    @Test func `a log that was cut is told by its checkpoint`() throws {
        let database = try TestStore.fresh()
        let signer = try CheckpointSigner(
            name: "kith.example.org",
            secret: SecretKey(bytes: [UInt8](repeating: 7, count: 32))
        )
        try database.write { change in
            for number in 0..<5 { _ = try log.append(record(number), in: change) }
            _ = try log.checkpoint(signer, in: change)
        }
        try database.write { change in
            try change.run("DROP TRIGGER prooflog_node_no_delete")
            try change.run("DELETE FROM prooflog_node WHERE position = 4 AND level = 0")
        }
        let rows = (0..<4).map { (name: "row \($0)", record: record($0)) }
        let problems = try database.read { try log.verify(rows, in: $0) }
        #expect(problems.contains { $0.description.contains("was cut") })
    }

    @Test func `nothing in the log is overwritten, not even by replacing it`() throws {
        let database = try TestStore.fresh()
        try database.write { _ = try log.append(record(0), in: $0) }
        let hash = MerkleTree.leaf(record(1))
        for statement: SQL in [
            "UPDATE prooflog_node SET hash = \(hash)", "DELETE FROM prooflog_node",
            "INSERT OR REPLACE INTO prooflog_node VALUES ('test', 0, 0, \(hash))",
        ] {
            #expect(throws: ConstraintFailure.self) {
                try database.write { try $0.run(statement) }
            }
        }
        #expect(try database.read { try log.holds(record(0), at: 0, in: $0) })
    }

    @Test func `a checkpoint is a signed note that its verifier key proves`() throws {
        let database = try TestStore.fresh()
        let secret = SecretKey(bytes: [UInt8](repeating: 9, count: 32))
        let signer = try CheckpointSigner(name: "kith.example.org", secret: secret)
        let checkpoint = try database.write { change in
            _ = try log.append(record(0), in: change)
            return try log.checkpoint(signer, in: change)
        }
        let parts = checkpoint.note.split(separator: "\n\n", maxSplits: 1)
        let text = parts[0] + "\n"
        let signature = try #require(
            parts[1].split(separator: " ").last.map { String($0).trimmed }
        )
        let bytes = try #require(Base64.decode(signature))
        let key = try Ed25519.publicKey(of: secret)
        #expect(Ed25519.verifies(Array(bytes.dropFirst(4)), of: Array(text.utf8), by: key))
        #expect(text.hasPrefix("kith.example.org/test\n1\n"))
        #expect(
            signer.verifierKey.hasPrefix("kith.example.org+\(Hex.encode(Array(bytes.prefix(4))))+")
        )
    }

    @Test(arguments: [
        ("Kith of the Calder", "Kith-of-the-Calder"), ("a+b\r\nc", "a-b--c"), ("", "-"),
        ("a\u{1}\u{7F}b", "a--b"), ("+\u{301}\u{3000}", "-\u{301}-"),
    ])
    func `whatever the community is called, its name is one in a signed note`(
        name: String,
        signed: String
    ) throws {
        let secret = SecretKey(bytes: [UInt8](repeating: 9, count: 32))
        let key = try CheckpointSigner(name: name, secret: secret).verifierKey
        #expect(key.utf8.split(separator: 0x2B).first.map { String($0) } == signed)
    }

    @Test func `a checkpoint that the community did not sign is told`() throws {
        let database = try TestStore.fresh()
        let own = try CheckpointSigner(
            name: "kith",
            secret: SecretKey(bytes: [UInt8](repeating: 9, count: 32))
        )
        let other = try CheckpointSigner(
            name: "kith",
            secret: SecretKey(bytes: [UInt8](repeating: 8, count: 32))
        )
        try database.write { change in
            _ = try log.append(record(0), in: change)
            _ = try log.checkpoint(own, in: change)
            _ = try log.append(record(1), in: change)
            _ = try log.checkpoint(other, in: change)
        }
        let problems = try database.read { try log.verifySignatures(own.verifier, in: $0) }
        #expect(
            problems == [
                ProofProblem(
                    "the checkpoint at 2 of the proof log test was not signed by this community"
                )
            ]
        )
    }

    @Test func `a checkpoint whose note says something else is told without the key`() throws {
        let database = try TestStore.fresh()
        let signer = try CheckpointSigner(
            name: "kith",
            secret: SecretKey(bytes: [UInt8](repeating: 9, count: 32))
        )
        try database.write { change in
            _ = try log.append(record(0), in: change)
            _ = try log.checkpoint(signer, in: change)
            try change.run("DROP TRIGGER prooflog_checkpoint_no_update")
            try change.run(
                "UPDATE prooflog_checkpoint SET note = replace(note, 'test', 'other')"
            )
        }
        let rows = [(name: "row 0", record: record(0))]
        let problems = try database.read { try log.verify(rows, in: $0) }
        #expect(problems.count == 1)
        #expect(problems.first?.description.contains("says something else") == true)
    }

    @Test func `a record's fields cannot be shifted into one another`() {
        var one = CanonicalRecord()
        one.add("ab")
        one.add("c")
        var other = CanonicalRecord()
        other.add("a")
        other.add("bc")
        #expect(one.bytes != other.bytes)
    }
}

extension String {
    fileprivate var trimmed: String { filter { !$0.isNewline } }
}

extension ProofLog {
    fileprivate func verify(
        _ rows: [(name: String, record: [UInt8])],
        in data: borrowing Snapshot
    ) throws -> [ProofProblem] {
        var check = try ProofCheck(of: self, in: data)
        for (place, row) in rows.enumerated() {
            try check.add(row.record, at: Int64(place), row.name, in: data)
        }
        return try check.end(in: data)
    }
}
