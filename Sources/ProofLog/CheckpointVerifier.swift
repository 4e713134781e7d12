import Crypto
package import Store

/// Holds a community's checkpoints against its public key.
package struct CheckpointVerifier: Sendable {
    private let publicKey: [UInt8]

    init(publicKey: [UInt8]) {
        self.publicKey = publicKey
    }

    /// Whether a note says this of this log, and was signed with the key. The community may have
    /// had another name when it was.
    package func verifies(_ note: String, of log: String, size: Int64, root: [UInt8]) -> Bool {
        guard let signed = SignedNote(note), signed.says(log, size, root) else { return false }
        return Ed25519.verifies(signed.signature, of: Array(signed.text.utf8), by: publicKey)
    }
}

/// A signed note taken apart.
struct SignedNote {
    private static let mark = "\n\n— "
    /// A short hash of the key stands before the signature.
    private static let keyHashCount = 4

    /// What is signed: three lines, each with its end.
    let text: String
    let signature: [UInt8]

    init?(_ note: String) {
        let parts = note.split(separator: Self.mark, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].hasSuffix("\n"),
            let word = parts[1].dropLast().split(separator: " ").last,
            let bytes = Base64.decode(String(word)), bytes.count > Self.keyHashCount
        else { return nil }
        text = parts[0] + "\n"
        signature = Array(bytes.dropFirst(Self.keyHashCount))
    }

    func says(_ log: String, _ size: Int64, _ root: [UInt8]) -> Bool {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.count == 4 && lines[0].hasSuffix("/\(log)") && lines[1] == "\(size)"
            && lines[2] == Base64.encode(root)
    }
}

extension ProofLog {
    /// The checkpoints that the key did not sign.
    package func verifySignatures(
        _ verifier: CheckpointVerifier,
        in data: borrowing Snapshot
    ) throws -> [ProofProblem] {
        var problems: [ProofProblem] = []
        try eachCheckpoint(in: data) { checkpoint in
            let isSigned = verifier.verifies(
                checkpoint.note,
                of: name,
                size: checkpoint.size,
                root: checkpoint.root
            )
            guard !isSigned else { return }
            problems.append(
                ProofProblem(
                    "the checkpoint at \(checkpoint.size) of the proof log \(name) was not signed by this community"
                )
            )
        }
        return problems
    }
}
