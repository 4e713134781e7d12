package import Store

/// Something in a proof log, or in a record under it, that is not as it was written.
package struct ProofProblem: Sendable, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}

/// Recomputes a log from the records it was made from: each leaf, each node and each checkpoint. A
/// problem names the row that is wrong.
///
/// However long the log is, little of it is held at a time: whether each row was there, and the
/// tree's right edge.
package struct ProofCheck {
    private let log: ProofLog
    private var hasRow: [Bool]
    private var problems: [ProofProblem] = []

    package init(of log: ProofLog, in data: borrowing Snapshot) throws {
        self.log = log
        let leaves: Int? = try data.value(
            "SELECT count(*) FROM prooflog_node WHERE log = \(log.name) AND level = 0"
        )
        hasRow = [Bool](repeating: false, count: leaves ?? 0)
    }

    /// The record whose leaf is at that place. They may come in any order.
    package mutating func add(
        _ record: [UInt8],
        at position: Int64,
        _ name: @autoclosure () -> String,
        in data: borrowing Snapshot
    ) throws {
        if hasRow.indices.contains(Int(position)) { hasRow[Int(position)] = true }
        let leaf = try log.leaf(at: position, in: data)
        guard leaf != MerkleTree.leaf(record) else { return }
        let what = leaf == nil ? "has no leaf" : "does not match its leaf"
        note("\(name()) \(what) in the proof log \(log.name)")
    }

    /// Once every record was added.
    package mutating func end(in data: borrowing Snapshot) throws -> [ProofProblem] {
        let size = try checkTree(in: data)
        try checkCheckpoints(size, in: data)
        return problems
    }

    /// The tree is held against its own leaves, so that one wrong row is not told again at every
    /// level above it. Gives their number.
    private mutating func checkTree(in data: borrowing Snapshot) throws -> Int64 {
        var edge = ProofLog.Edge(size: 0, complete: [:])
        try data.each(
            """
            SELECT position, hash FROM prooflog_node
            WHERE log = \(log.name) AND level = 0
            ORDER BY position
            """
        ) { row in
            let position: Int64 = try row[0]
            if !hasRow.indices.contains(Int(position)) || !hasRow[Int(position)] {
                note("the proof log \(log.name) has leaf \(position), but its row is gone")
            }
            for node in edge.add(try row[1])
            where try log.node(level: node.level, position: node.position, in: data) != node.hash {
                note(
                    "node \(node.position) of level \(node.level) of the proof log \(log.name) is wrong"
                )
            }
        }
        try data.each(
            """
            SELECT level, position FROM prooflog_node
            WHERE log = \(log.name) AND level > 0 AND position >= (\(edge.size) >> level)
            ORDER BY level, position
            """
        ) { row in
            let (level, position): (Int, Int64) = (try row[0], try row[1])
            note(
                "node \(position) of level \(level) of the proof log \(log.name) should not be there"
            )
        }
        return edge.size
    }

    private mutating func checkCheckpoints(_ size: Int64, in data: borrowing Snapshot) throws {
        try log.eachCheckpoint(in: data) { checkpoint in
            if SignedNote(checkpoint.note)?.says(log.name, checkpoint.size, checkpoint.root) != true
            {
                note(
                    "the note of the checkpoint at \(checkpoint.size) of the proof log \(log.name) says something else"
                )
            }
            if checkpoint.size > size {
                note(
                    "the proof log \(log.name) was cut: it had \(checkpoint.size) leaves and has \(size)"
                )
            } else if try log.root(of: checkpoint.size, in: data) != checkpoint.root {
                note(
                    "the proof log \(log.name) is not what its checkpoint at \(checkpoint.size) says"
                )
            }
        }
    }

    private mutating func note(_ problem: String) {
        problems.append(ProofProblem(problem))
    }
}
