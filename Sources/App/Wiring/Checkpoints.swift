import Basics
import Dispatch
import Events
import Identity
import Ledger
import ProofLog
import Store
import Transactions
import Vault

/// Signs what the proof logs are, each minute in which they grew. From then on a log that is cut
/// or written anew no longer fits what was signed.
struct Checkpoints: Sendable {
    private static let everySeconds: Int64 = 60
    private static let key = "checkpoints"

    static let logs = [Ledger.log, Audit.log, CareLogs.log]

    let signer: CheckpointSigner

    /// The key is derived from the community's own, so it needs no file and no backup of its own.
    init(vault: Vault) throws {
        signer = try CheckpointSigner(
            name: vault.community,
            secret: vault.derivedKey(for: "checkpoints")
        )
    }

    /// `tell` is told of logs that cannot be signed, each minute.
    func job(_ tell: @escaping @Sendable (String) -> Void) -> JobHandler {
        JobHandler(for: SignCheckpoints.self) { _, change in
            for line in try sign(in: change) { tell(line) }
            try Self.plan(in: change)
        }
    }

    /// Each log by itself: one that was tampered with keeps no other from being signed. Gives what
    /// is wrong with those that are not.
    @discardableResult
    func sign(in change: borrowing Change) throws -> [String] {
        var refused: [String] = []
        for log in Self.logs {
            do {
                try change.part { _ = try log.checkpoint(signer, in: $0) }
            } catch let error where error is InconsistentLog || error is MissingNode {
                refused.append("\(error)")
            }
        }
        return refused
    }

    /// Plans the first. On a full disk that is done when there is room: people can read meanwhile.
    static func begin(on database: Database, againAfterSeconds seconds: Int = 5) {
        database.submit(
            { try plan(in: $0) },
            then: { result in
                guard case .failure(let error) = result, let reason = error as? StoreUnavailable,
                    ![.closed, .suspect].contains(reason)
                else { return }
                DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(seconds)) {
                    begin(on: database, againAfterSeconds: seconds)
                }
            }
        )
    }

    static func plan(in change: borrowing Change) throws {
        try change.schedule(
            SignCheckpoints(),
            at: change.now.adding(seconds: everySeconds),
            key: key
        )
    }

    /// Signs what there is and plans nothing more: a store that is closed does not grow.
    func end(in change: borrowing Change) throws {
        try sign(in: change)
        try change.cancelJob(key: Self.key)
    }
}

struct SignCheckpoints: Job {
    static let name = "app.sign-checkpoints"
}
