package import Store

/// Something in a proof log, or in a record under it, that is not as it was written.
package struct ProofProblem: Sendable, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}

extension ProofLog {
    /// Recomputes everything from the records: each leaf, each node and each checkpoint. A
    /// problem names the row that is wrong.
    package func verify(
        _ records: [(name: String, record: [UInt8])],
        in data: borrowing Snapshot
    ) throws -> [ProofProblem] {
        var problems: [ProofProblem] = []
        var level = records.map { MerkleTree.leaf($0.record) }
        let stored = try hashes(of: 0, in: data)
        for (place, row) in records.enumerated() where stored[Int64(place)] != level[place] {
            let what = stored[Int64(place)] == nil ? "has no leaf" : "does not match its leaf"
            problems.append(ProofProblem("\(row.name) \(what) in the proof log \(name)"))
        }
        for position in stored.keys.sorted() where position >= Int64(records.count) {
            problems.append(
                ProofProblem("the proof log \(name) has leaf \(position), but its row is gone")
            )
        }
        // From here on the tree is held against its own leaves, so that one wrong row is not
        // told again at every level above it.
        level = stored.keys.sorted().compactMap { stored[$0] }
        var number = 0
        while level.count > 1 {
            let pairs = level.count / 2
            level = (0..<pairs).map { MerkleTree.node(level[$0 * 2], level[$0 * 2 + 1]) }
            number += 1
            let kept = try hashes(of: number, in: data)
            for (place, hash) in level.enumerated() where kept[Int64(place)] != hash {
                problems.append(
                    ProofProblem(
                        "node \(place) of level \(number) of the proof log \(name) is wrong"
                    )
                )
            }
            for position in kept.keys.sorted() where position >= Int64(level.count) {
                problems.append(
                    ProofProblem(
                        "node \(position) of level \(number) of the proof log \(name) should not be there"
                    )
                )
            }
        }
        return problems + (try checkpointProblems(Int64(stored.count), in: data))
    }

    private func hashes(of level: Int, in data: borrowing Snapshot) throws -> [Int64: [UInt8]] {
        var found: [Int64: [UInt8]] = [:]
        try data.each(
            "SELECT position, hash FROM prooflog_node WHERE log = \(name) AND level = \(level)"
        ) { row in
            let position: Int64 = try row[0]
            found[position] = try row[1]
        }
        return found
    }

    private func checkpointProblems(
        _ size: Int64,
        in data: borrowing Snapshot
    ) throws -> [ProofProblem] {
        let checkpoints = try data.all(
            "SELECT size, root, note FROM prooflog_checkpoint WHERE log = \(name) ORDER BY size"
        ) { row -> (size: Int64, root: [UInt8], note: String) in
            (try row[0], try row[1], try row[2])
        }
        var problems: [ProofProblem] = []
        for checkpoint in checkpoints {
            if SignedNote(checkpoint.note)?.says(name, checkpoint.size, checkpoint.root) != true {
                problems.append(
                    ProofProblem(
                        "the note of the checkpoint at \(checkpoint.size) of the proof log \(name) says something else"
                    )
                )
            }
            if checkpoint.size > size {
                problems.append(
                    ProofProblem(
                        "the proof log \(name) was cut: it had \(checkpoint.size) leaves and has \(size)"
                    )
                )
            } else if try root(of: checkpoint.size, in: data) != checkpoint.root {
                problems.append(
                    ProofProblem(
                        "the proof log \(name) is not what its checkpoint at \(checkpoint.size) says"
                    )
                )
            }
        }
        return problems
    }
}
