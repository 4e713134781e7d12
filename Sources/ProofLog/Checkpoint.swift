package import Crypto
package import Store

/// A signed statement of a log's size and root, in the C2SP form (tlog-checkpoint over
/// signed-note), so that any verifier of transparency logs can read it.
package struct Checkpoint: Sendable {
    package let size: Int64
    package let root: [UInt8]
    package let note: String
}

/// Signs the checkpoints of one community with its Ed25519 key.
package struct CheckpointSigner: Sendable {
    private let name: String
    private let secret: SecretKey
    private let publicKey: [UInt8]

    /// A signed note's name is not empty and has no blanks, no plus sign and nothing unprintable:
    /// a dash stands for each.
    package init(name: String, secret: SecretKey) throws {
        let name = name.unicodeScalars.map { Self.mayStand($0) ? Character($0) : "-" }
        self.name = name.isEmpty ? "-" : String(name)
        self.secret = secret
        publicKey = try Ed25519.publicKey(of: secret)
    }

    private static func mayStand(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value > 0x20 && scalar.value != 0x7F && scalar != "+"
            && !scalar.properties.isWhitespace
    }

    /// What a verifier is given: name, key hash and key.
    package var verifierKey: String {
        "\(name)+\(Hex.encode(keyHash))+\(Base64.encode([1] + publicKey))"
    }

    package var verifier: CheckpointVerifier { CheckpointVerifier(publicKey: publicKey) }

    /// `mark` is that of the last restore.
    func sign(
        _ log: String,
        _ mark: String? = nil,
        size: Int64,
        root: [UInt8]
    ) throws -> Checkpoint {
        let origin = mark.map { "\(name)/\($0)/\(log)" } ?? "\(name)/\(log)"
        let text = "\(origin)\n\(size)\n\(Base64.encode(root))\n"
        let signature = try Ed25519.sign(Array(text.utf8), with: secret)
        let note = "\(text)\n— \(name) \(Base64.encode(keyHash + signature))\n"
        return Checkpoint(size: size, root: root, note: note)
    }

    private var keyHash: [UInt8] {
        Array(SHA256.hash(Array(name.utf8) + [0x0A, 0x01] + publicKey).prefix(4))
    }
}

extension ProofLog {
    /// Signs what the log is now, and keeps it. A tree that is not grown from the last one signed
    /// is not signed.
    package func checkpoint(
        _ signer: CheckpointSigner,
        in change: borrowing Change
    ) throws -> Checkpoint {
        let (checkpoint, isKept) = try current(signer, in: change.snapshot)
        if !isKept { try keep(checkpoint, in: change) }
        return checkpoint
    }

    /// The log as it is now, signed; and whether that is in the store already.
    package func current(
        _ signer: CheckpointSigner,
        in data: borrowing Snapshot
    ) throws -> (checkpoint: Checkpoint, isKept: Bool) {
        let size = try size(in: data)
        let last = try data.first(
            """
            SELECT size, root, note
            FROM prooflog_checkpoint
            WHERE log = \(name)
            ORDER BY size DESC
            LIMIT 1
            """,
            Self.checkpoint
        )
        let root = try root(of: size, in: data)
        if let last {
            guard last.size <= size, try self.root(of: last.size, in: data) == last.root
            else { throw InconsistentLog(log: name) }
            if last.size == size { return (last, true) }
        }
        let mark = try Restoring.mark(in: data)
        return (try signer.sign(name, mark, size: size, root: root), false)
    }

    /// Those that were kept, in order.
    func eachCheckpoint(
        in data: borrowing Snapshot,
        _ body: (Checkpoint) throws -> Void
    ) throws {
        try data.each(
            "SELECT size, root, note FROM prooflog_checkpoint WHERE log = \(name) ORDER BY size"
        ) { row in try body(try Self.checkpoint(row)) }
    }

    private static func checkpoint(_ row: borrowing Row) throws -> Checkpoint {
        Checkpoint(size: try row[0], root: try row[1], note: try row[2])
    }

    private func keep(_ checkpoint: Checkpoint, in change: borrowing Change) throws {
        try change.run(
            """
            INSERT INTO prooflog_checkpoint (log, size, root, at, note)
            VALUES (
                \(name), \(checkpoint.size), \(checkpoint.root), \(change.now),
                \(checkpoint.note)
            )
            """
        )
    }
}

/// The log was shortened or rewritten since it was last signed: nothing more is signed.
package struct InconsistentLog: Error, CustomStringConvertible {
    let log: String

    package var description: String {
        "the proof log \(log) did not grow from its last checkpoint; it was not signed"
    }
}
