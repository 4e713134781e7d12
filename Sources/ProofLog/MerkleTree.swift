import Crypto

/// The arithmetic of RFC 6962, section 2: how leaves hash into nodes and nodes into a root.
package enum MerkleTree {
    package static let emptyRoot = SHA256.hash([])

    package static func leaf(_ record: [UInt8]) -> [UInt8] {
        SHA256.hash([0] + record)
    }

    package static func node(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        SHA256.hash([1] + left + right)
    }

    /// Whether a leaf is in a tree of that size and root (RFC 9162, section 2.1.3.2).
    package static func verifies(
        leaf: [UInt8],
        at index: Int64,
        in size: Int64,
        root: [UInt8],
        proof: [[UInt8]]
    ) -> Bool {
        guard index >= 0, index < size else { return false }
        var place = index
        var last = size - 1
        var hash = leaf
        for step in proof {
            guard last > 0 else { return false }
            if place & 1 == 1 || place == last {
                hash = node(step, hash)
                while place & 1 == 0 && place != 0 {
                    place >>= 1
                    last >>= 1
                }
            } else {
                hash = node(hash, step)
            }
            place >>= 1
            last >>= 1
        }
        return last == 0 && hash == root
    }

    /// Whether the tree of the second size and root grew from the first (RFC 9162, 2.1.4.2).
    package static func verifies(
        from first: Int64,
        _ firstRoot: [UInt8],
        to second: Int64,
        _ secondRoot: [UInt8],
        proof: [[UInt8]]
    ) -> Bool {
        guard first >= 0, first <= second else { return false }
        if first == second { return proof.isEmpty && firstRoot == secondRoot }
        if first == 0 { return proof.isEmpty && firstRoot == emptyRoot }
        var steps = proof[...]
        var place = first - 1
        var last = second - 1
        while place & 1 == 1 {
            place >>= 1
            last >>= 1
        }
        let start: [UInt8]
        if place > 0 {
            guard let next = steps.popFirst() else { return false }
            start = next
        } else {
            start = firstRoot
        }
        var old = start
        var new = start
        for step in steps {
            guard last > 0 else { return false }
            if place & 1 == 1 || place == last {
                old = node(step, old)
                new = node(step, new)
                while place & 1 == 0 && place != 0 {
                    place >>= 1
                    last >>= 1
                }
            } else {
                new = node(new, step)
            }
            place >>= 1
            last >>= 1
        }
        return last == 0 && old == firstRoot && new == secondRoot
    }
}
