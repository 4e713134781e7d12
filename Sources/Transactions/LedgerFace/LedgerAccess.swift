import Basics
import Identity
import Relationships
import Store
import Web

/// The right to read the whole ledger: a token for it, of someone who still administers.
struct MayReadLedger: Sendable {
    let program: Program

    fileprivate init(_ program: Program) {
        self.program = program
    }
}

/// The right to write an entry of any accounts.
struct MayPostEntry: Sendable {
    let program: Program

    fileprivate init(_ program: Program) {
        self.program = program
    }
}

/// Who may use the ledger's face for programs. The permits are made here and nowhere else, in the
/// same snapshot or change in which they are used.
struct LedgerAccess: Sendable {
    let database: Database

    var reading: Access<MayReadLedger> {
        Access("ledger.read", needsFormToken: false) { request in
            MayReadLedger(try program(.ledgerReading, request))
        }
    }

    var posting: Access<MayPostEntry> {
        Access("ledger", needsFormToken: false) { request in
            MayPostEntry(try program(.ledger, request))
        }
    }

    /// A token is never worth more than the hat of the person it was made for.
    private func program(_ scope: TokenScope, _ request: Request) throws -> Program {
        let program = try Program.allowed(scope, request)
        let administers = try database.read {
            try Hats.of(program.person, in: $0).contains(.admin)
        }
        guard administers else {
            throw Problem(403, Phrase("ledger-face.not-admin"), name: "not-admin")
        }
        return program
    }
}
