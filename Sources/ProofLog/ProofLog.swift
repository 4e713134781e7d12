package import Store

/// An append-only log whose every state has one fingerprint, the root of a Merkle tree (RFC 6962).
///
/// It holds hashes and never content, so that a record may be erased and every proof still holds.
/// It can show that a record is in it and that a later state grew from an earlier one, in a few
/// dozen hashes. It cannot be shortened or rewritten without the roots telling.
package struct ProofLog: Sendable {
    package let name: String

    package init(name: String) {
        self.name = name
    }

    /// Adds a record's leaf, and gives its place, from 0.
    package func append(_ record: [UInt8], in change: borrowing Change) throws -> Int64 {
        try appendHash(MerkleTree.leaf(record), in: change)
    }

    func appendHash(_ leaf: [UInt8], in change: borrowing Change) throws -> Int64 {
        // What is remembered is forgotten again if this change is undone.
        var edge: Edge = try change.remembered("prooflog.\(name)") { try rightEdge(in: $0) }
        let position = edge.size
        try insert(leaf, level: 0, position: position, in: change)
        for node in edge.add(leaf) {
            try insert(node.hash, level: node.level, position: node.position, in: change)
        }
        change.remember("prooflog.\(name)", edge)
        return position
    }

    package func size(in data: borrowing Snapshot) throws -> Int64 {
        let last: Int64? = try data.value(
            "SELECT max(position) FROM prooflog_node WHERE log = \(name) AND level = 0"
        )
        return last.map { $0 + 1 } ?? 0
    }

    /// The root of the log as it was at a size, or of all of it.
    package func root(of size: Int64? = nil, in data: borrowing Snapshot) throws -> [UInt8] {
        let size = try size ?? self.size(in: data)
        guard size > 0 else { return MerkleTree.emptyRoot }
        return try hash(from: 0, to: size, in: data)
    }

    /// Whether the leaf at a place is this record's.
    package func holds(
        _ record: [UInt8],
        at position: Int64,
        in data: borrowing Snapshot
    ) throws -> Bool {
        try node(level: 0, position: position, in: data) == MerkleTree.leaf(record)
    }

    package func leaf(at position: Int64, in data: borrowing Snapshot) throws -> [UInt8]? {
        try node(level: 0, position: position, in: data)
    }

    /// The hashes that lead from a leaf to the root of the log at a size.
    package func inclusionProof(
        of position: Int64,
        in size: Int64,
        _ data: borrowing Snapshot
    ) throws -> [[UInt8]] {
        var proof: [[UInt8]] = []
        var start: Int64 = 0
        var end = size
        while end - start > 1 {
            let middle = start + split(end - start)
            if position < middle {
                proof.append(try hash(from: middle, to: end, in: data))
                end = middle
            } else {
                proof.append(try hash(from: start, to: middle, in: data))
                start = middle
            }
        }
        return proof.reversed()
    }

    /// The hashes that show that the log at the second size grew from the log at the first.
    package func consistencyProof(
        from first: Int64,
        to second: Int64,
        in data: borrowing Snapshot
    ) throws -> [[UInt8]] {
        guard first > 0, first < second else { return [] }
        var proof: [[UInt8]] = []
        var start: Int64 = 0
        var end = second
        var isWhole = true
        while first != end {
            let middle = start + split(end - start)
            if first <= middle {
                proof.append(try hash(from: middle, to: end, in: data))
                end = middle
            } else {
                proof.append(try hash(from: start, to: middle, in: data))
                start = middle
                isWhole = false
            }
        }
        if !isWhole { proof.append(try hash(from: start, to: end, in: data)) }
        return proof.reversed()
    }

    // MARK: The tree in its table

    /// The right edge: the complete subtrees, one a level at the most, that make up the log.
    struct Edge: Sendable {
        private(set) var size: Int64
        private var complete: [Int: [UInt8]]

        init(size: Int64, complete: [Int: [UInt8]]) {
            self.size = size
            self.complete = complete
        }

        /// One leaf more. Gives each node above it that it completes.
        mutating func add(_ leaf: [UInt8]) -> [(level: Int, position: Int64, hash: [UInt8])] {
            var nodes: [(level: Int, position: Int64, hash: [UInt8])] = []
            var hash = leaf
            var level = 0
            var place = size
            while place & 1 == 1, let left = complete.removeValue(forKey: level) {
                hash = MerkleTree.node(left, hash)
                level += 1
                place >>= 1
                nodes.append((level, place, hash))
            }
            complete[level] = hash
            size += 1
            return nodes
        }
    }

    private func rightEdge(in data: borrowing Snapshot) throws -> Edge {
        let size = try size(in: data)
        var complete: [Int: [UInt8]] = [:]
        for level in 0..<63 where size >> Int64(level) & 1 == 1 {
            let position = (size >> Int64(level)) - 1
            guard let hash = try node(level: level, position: position, in: data) else {
                throw MissingNode(log: name, level: level, position: position)
            }
            complete[level] = hash
        }
        return Edge(size: size, complete: complete)
    }

    /// The largest power of two smaller than the count.
    private func split(_ count: Int64) -> Int64 {
        Int64(1) << Int64(63 - (count - 1).leadingZeroBitCount)
    }

    /// The hash over the leaves from one place up to another; whole subtrees are read, not
    /// computed.
    private func hash(
        from start: Int64,
        to end: Int64,
        in data: borrowing Snapshot
    ) throws -> [UInt8] {
        let count = end - start
        if count & (count - 1) == 0, start % count == 0 {
            let level = count.trailingZeroBitCount
            guard let hash = try node(level: level, position: start / count, in: data) else {
                throw MissingNode(log: name, level: level, position: start / count)
            }
            return hash
        }
        let middle = start + split(count)
        return MerkleTree.node(
            try hash(from: start, to: middle, in: data),
            try hash(from: middle, to: end, in: data)
        )
    }

    func node(
        level: Int,
        position: Int64,
        in data: borrowing Snapshot
    ) throws -> [UInt8]? {
        try data.value(
            """
            SELECT hash
            FROM prooflog_node
            WHERE log = \(name) AND level = \(level) AND position = \(position)
            """
        )
    }

    private func insert(
        _ hash: [UInt8],
        level: Int,
        position: Int64,
        in change: borrowing Change
    ) throws {
        try change.run(
            """
            INSERT INTO prooflog_node (log, level, position, hash)
            VALUES (\(name), \(level), \(position), \(hash))
            """
        )
    }
}

/// A part of the tree that must be there is not.
package struct MissingNode: Error, CustomStringConvertible {
    let log: String
    let level: Int
    let position: Int64

    package var description: String {
        "the proof log \(log) lacks its node \(position) of level \(level)"
    }
}
