import FoundationEssentials
import ProofLog
import Store
import Vault

/// `kith proof`: what someone outside needs to check a log without trusting whoever keeps it.
struct Proof {
    private let options: Options

    init(_ options: Options) {
        self.options = options
    }

    func run() throws {
        let settings = try CommunitySettings.load(
            home: options.homeFolder,
            data: options.dataFolder
        )
        // It only reads, so that it works beside a process that serves.
        Control.askToOpen(options.dataFolder)
        let database = try Database.open(forReading: Opening.storePath(options.dataFolder))
        defer { database.close() }
        // What was signed may have been more.
        try database.requireSoundLog()
        let vault = try Vault.open(
            database: database,
            master: try Opening.master(options),
            community: settings.name ?? "Kith"
        )
        let checkpoints = try Checkpoints(vault: vault)
        switch options.words {
        case ["key"]: Output.line(checkpoints.signer.verifierKey)
        case ["export"]: for line in try export(checkpoints, database) { Output.line(line) }
        default:
            throw Unusable(
                "usage: kith proof key | kith proof export --log NAME [--leaf N …] "
                    + "[--consistency FIRST,SECOND …]"
            )
        }
    }

    /// The signed checkpoint of now; and, where asked for, proofs as a JSON object a line. All or
    /// nothing, so that what is printed can be taken for an answer.
    private func export(_ checkpoints: Checkpoints, _ database: Database) throws -> [String] {
        guard let log = Checkpoints.logs.first(where: { $0.name == options["log"] }) else {
            throw Unusable(
                "--log must be one of \(Checkpoints.logs.map(\.name).joined(separator: ", "))"
            )
        }
        return try database.read { data in
            let checkpoint = try log.current(checkpoints.signer, in: data).checkpoint
            var lines = [checkpoint.note]
            for leaf in options.all("leaf") {
                guard let index = Int64(leaf), (0..<checkpoint.size).contains(index) else {
                    throw Unusable("--leaf must be from 0 to \(checkpoint.size - 1)")
                }
                lines.append(
                    try json(
                        LeafProof(
                            leafIdx: index,
                            treeSize: checkpoint.size,
                            root: Data(checkpoint.root),
                            leafHash: Data(try log.leaf(at: index, in: data) ?? []),
                            proof: try log.inclusionProof(of: index, in: checkpoint.size, data)
                                .map { Data($0) }
                        )
                    )
                )
            }
            for sizes in options.all("consistency") {
                let parts = sizes.split(separator: ",").compactMap { Int64($0) }
                guard parts.count == 2, parts[0] >= 0, parts[0] <= parts[1],
                    parts[1] <= checkpoint.size
                else {
                    throw Unusable(
                        "--consistency must be two sizes up to \(checkpoint.size), the smaller first, as 1 2"
                    )
                }
                lines.append(
                    try json(
                        GrowthProof(
                            size1: parts[0],
                            size2: parts[1],
                            root1: Data(try log.root(of: parts[0], in: data)),
                            root2: Data(try log.root(of: parts[1], in: data)),
                            proof: try log.consistencyProof(from: parts[0], to: parts[1], in: data)
                                .map { Data($0) }
                        )
                    )
                )
            }
            return lines
        }
    }

    private func json(_ proof: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(proof), as: UTF8.self)
    }

    private struct LeafProof: Encodable {
        let leafIdx: Int64
        let treeSize: Int64
        let root: Data
        let leafHash: Data
        let proof: [Data]
    }

    private struct GrowthProof: Encodable {
        let size1: Int64
        let size2: Int64
        let root1: Data
        let root2: Data
        let proof: [Data]
    }
}
