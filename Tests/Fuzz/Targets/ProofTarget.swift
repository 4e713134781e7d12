import Crypto

@testable import ProofLog

/// Proofs and checkpoints. The first byte is the size of a tree and the second a place in it; the
/// rest is a proof, 32 bytes a step, and a community's name. Only the true proof is believed,
/// and whatever the name, the checkpoint is a signed note that its key verifies.
enum ProofTarget {
    static func check(_ bytes: [UInt8]) throws {
        guard bytes.count >= 2 else { return }
        let leaves = (0...bytes[0] % 33).map { MerkleTree.leaf([$0]) }
        let place = Int(bytes[1]) % leaves.count
        let rest = Array(bytes.dropFirst(2))
        try checkInclusion(leaves, place, rest)
        try checkNote(String(decoding: rest, as: UTF8.self), leaves)
    }

    private static func checkInclusion(
        _ leaves: [[UInt8]],
        _ place: Int,
        _ rest: [UInt8]
    ) throws {
        let size = Int64(leaves.count)
        let root = root(leaves[...])
        let proof = path(to: place, in: leaves[...])
        func verifies(_ index: Int64, _ size: Int64, _ proof: [[UInt8]]) -> Bool {
            MerkleTree.verifies(leaf: leaves[place], at: index, in: size, root: root, proof: proof)
        }
        try hold(verifies(Int64(place), size, proof), "the true proof is believed")
        let given = stride(from: 0, to: rest.count, by: 32).map { Array(rest[$0...].prefix(32)) }
        if given != proof { try hold(!verifies(Int64(place), size, given), "no other is") }
        var numbers = InputNumbers(rest)
        var damaged = proof
        if !damaged.isEmpty {
            let step = numbers.below(damaged.count)
            damaged[step][numbers.below(32)] ^= UInt8(1 << numbers.below(8))
            try hold(!verifies(Int64(place), size, damaged), "a damaged one is not")
        }
        let other = Int64(numbers.below(leaves.count))
        if other != place { try hold(!verifies(other, size, proof), "nor in another place") }
        let huge = Int64(bitPattern: UInt64(numbers.below(.max)) << 33 | 1)
        _ = verifies(huge, huge &+ 1, given)
        _ = MerkleTree.verifies(from: other, root, to: huge, root, proof: given)
        let older = Array(leaves[...place])
        let isGrowth = MerkleTree.verifies(
            from: Int64(older.count),
            Self.root(older[...]),
            to: size,
            root,
            proof: given
        )
        // No input of ours holds a real hash, so that nothing but sameness shows growth.
        try same(isGrowth, older.count == leaves.count && given.isEmpty, "growth")
    }

    private static func checkNote(_ name: String, _ leaves: [[UInt8]]) throws {
        let secret = SecretKey(bytes: [UInt8](repeating: 3, count: 32))
        let signer = try CheckpointSigner(name: name, secret: secret)
        let checkpoint = try signer.sign(
            "care",
            size: Int64(leaves.count),
            root: root(leaves[...])
        )
        // c2sp.org/signed-note: text, an empty line, a line for each signature; nothing unprintable.
        let note = Array(checkpoint.note.utf8)
        try hold(note.allSatisfy { $0 >= 0x20 || $0 == 0x0A }, "nothing unprintable")
        let lines = note.split(separator: 0x0A, omittingEmptySubsequences: false)
        try same(lines.count, 6, "three lines, an empty one, the signature, and the end")
        try hold(lines[3].isEmpty && lines[5].isEmpty, "an empty line before the signature")
        try same(Array(lines[1]), Array("\(leaves.count)".utf8), "the size")
        let words = lines[4].split(separator: 0x20, omittingEmptySubsequences: false)
        try same(words.count, 3, "a dash, the name and the signature")
        try hold(!words[1].isEmpty && !words[1].contains(0x2B), "the name")
        let keyParts = signer.verifierKey.utf8.split(separator: 0x2B, maxSplits: 2)
        try same(keyParts.count, 3, "name, hash and key")
        guard let signed = Base64.decode(String(decoding: words[2], as: UTF8.self)),
            let key = Base64.decode(String(Substring(keyParts[2])))
        else { throw Broken(description: "signature and key are Base64") }
        try same(Array(keyParts[0]), Array(words[1]), "the same name")
        try hold(
            Ed25519.verifies(
                Array(signed.dropFirst(4)),
                of: Array(lines[0...2].joined(separator: [0x0A])) + [0x0A],
                by: Array(key.dropFirst())
            ),
            "its key verifies it"
        )
    }

    // RFC 6962, 2.1, as it is written there.

    private static func root(_ leaves: ArraySlice<[UInt8]>) -> [UInt8] {
        guard leaves.count > 1 else { return leaves.first ?? MerkleTree.emptyRoot }
        let middle = leaves.startIndex + split(leaves.count)
        return MerkleTree.node(root(leaves[..<middle]), root(leaves[middle...]))
    }

    private static func path(to place: Int, in leaves: ArraySlice<[UInt8]>) -> [[UInt8]] {
        guard leaves.count > 1 else { return [] }
        let middle = leaves.startIndex + split(leaves.count)
        return place < middle
            ? path(to: place, in: leaves[..<middle]) + [root(leaves[middle...])]
            : path(to: place, in: leaves[middle...]) + [root(leaves[..<middle])]
    }

    /// The largest power of two below the count.
    private static func split(_ count: Int) -> Int {
        var half = 1
        while half * 2 < count { half *= 2 }
        return half
    }
}
