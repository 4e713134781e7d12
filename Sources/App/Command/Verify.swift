import FoundationEssentials
import Identity
import Ledger
import ProofLog
import Store
import Transactions
import Vault

/// `kith verify`: proves that a store is whole, at rest or as a consistent copy of a live one,
/// or names what is not. It writes nothing.
struct Verify {
    private let options: Options

    init(_ options: Options) {
        self.options = options
    }

    func run() throws -> Int32 {
        let path = Opening.storePath(options.dataFolder)
        Control.askToOpen(options.dataFolder)
        let database = try Database.open(forReading: path)
        defer { database.close() }
        var verifier: CheckpointVerifier?
        var problems: [String] = []
        do {
            verifier = try self.verifier(database)
        } catch {
            // Whoever changes the store may change what its key opens as well.
            problems.append("the key that is here does not open it: \(error)")
        }
        problems += try Verify.problems(of: database, verifier, Opening.migrations(options))
        if options.isOn("json") {
            Output.line(String(decoding: try JSONEncoder().encode(Report(problems)), as: UTF8.self))
        } else if problems.isEmpty {
            Output.line(
                "\(path) is whole: every entry sums to zero, balances are right, the logs hold"
            )
            if verifier == nil {
                Output.line("No signature was checked: no key, or no checkpoint yet")
            }
        } else {
            for problem in problems { Output.line(problem) }
            Output.line("\(path) is not whole: \(problems.count) found")
        }
        return problems.isEmpty ? 0 : 1
    }

    /// What the community signs with comes of its key. Where that is not at hand, as with a copy
    /// of the store elsewhere, everything else is proved.
    private func verifier(_ database: Database) throws -> CheckpointVerifier? {
        let key = Opening.keyPath(options)
        guard FileManager.default.fileExists(atPath: key) else { return nil }
        let signed = try database.read { data in
            try data.value("SELECT count(*) FROM prooflog_checkpoint") ?? 0
        }
        guard signed > 0 else { return nil }
        let vault = try Vault.open(
            database: database,
            master: try MasterKey.load(key),
            // Only a store without a vault would be given this name.
            community: "Kith"
        )
        return try Checkpoints(vault: vault).signer.verifier
    }

    static func problems(at path: String, _ migrations: Migrations) throws -> [String] {
        let database = try Database.open(forReading: path)
        defer { database.close() }
        return try problems(of: database, nil, migrations)
    }

    /// `migrations` are this program's. Throws if the store is newer than they are.
    private static func problems(
        of database: Database,
        _ verifier: CheckpointVerifier?,
        _ migrations: Migrations
    ) throws -> [String] {
        let damage = try database.check()
        // A damaged file may still be read in part: the rows that are wrong are worth naming.
        do {
            return damage + (try content(of: database, verifier, migrations))
        } catch let refused as StoreRefusedToOpen where damage.isEmpty {
            throw refused
        } catch {
            return damage + ["the file cannot be read further: \(error)"]
        }
    }

    /// A store of an earlier version, as a backup may be, is looked through as this one would make
    /// it, in a copy.
    private static func content(
        of database: Database,
        _ verifier: CheckpointVerifier?,
        _ migrations: Migrations
    ) throws -> [String] {
        guard try database.read({ try migrations.outcome(in: $0) }) == .behind else {
            return try current(database, verifier, migrations)
        }
        let folder = try TemporaryFolder()
        let path = folder.path + "/kith.db"
        try database.backup(to: path)
        let copy = try Database(file: path)
        defer { copy.close() }
        try migrations.apply(to: copy)
        return try current(copy, verifier, migrations)
    }

    private static func current(
        _ database: Database,
        _ verifier: CheckpointVerifier?,
        _ migrations: Migrations
    ) throws -> [String] {
        try database.read { data in
            try migrations.schemaDifferences(in: data)
                + Ledger.verify(in: data).map(\.description)
                + Audit.verify(in: data).map(\.description)
                + PersonKeys.verify(in: data).map(\.description)
                + CareLogs.verify(in: data).map(\.description)
                + Funds.verify(in: data).map(\.description)
                + Checkpoints.logs.flatMap { log in
                    try verifier.map { try log.verifySignatures($0, in: data) } ?? []
                }.map(\.description)
        }
    }

    private struct Report: Encodable {
        let whole: Bool
        let problems: [String]

        init(_ problems: [String]) {
            whole = problems.isEmpty
            self.problems = problems
        }
    }
}
