import Basics
package import ProofLog
package import Store
import Vault

/// Whether what is written about each person can still be opened, for `kith verify`.
package enum PersonKeys {
    package static func verify(in data: borrowing Snapshot) throws -> [ProofProblem] {
        var problems: [ProofProblem] = []
        try data.each("SELECT id FROM identity_person ORDER BY id") { row in
            let id: Person.ID = try row[0]
            guard try !Vault.accounts(for: id.rawValue, in: data) else { return }
            problems.append(
                ProofProblem(
                    "identity_person \(id) has no key, and was not erased: "
                        + "what is written about them cannot be read"
                )
            )
        }
        return problems
    }
}
