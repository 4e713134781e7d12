package import Basics
package import ProofLog
package import Store

/// Double entry: accounts, entries of legs that sum to zero in each currency, balances.
///
/// It knows accounts and not people: an owner is a number. It has no web, no prices and no idea
/// of a visit. Nothing in it is ever changed or removed; each entry is a leaf of the proof log
/// "ledger", and each balance can be recomputed from the legs.
package enum Ledger {
    package static let log = ProofLog(name: "ledger")

    /// The account of that kind and owner, opened when it is first needed.
    package static func account(
        _ kind: AccountKind,
        of owner: Int64 = 0,
        in change: borrowing Change
    ) throws -> Account {
        if let account = try LedgerStore.account(kind, owner, in: change.snapshot) {
            return account
        }
        try LedgerStore.insert(kind, owner, change.newID(Account.self), in: change)
        guard let account = try LedgerStore.account(kind, owner, in: change.snapshot) else {
            throw NotThere()
        }
        return account
    }

    /// The account of that kind and owner, if it was ever opened.
    package static func existing(
        _ kind: AccountKind,
        of owner: Int64 = 0,
        in data: borrowing Snapshot
    ) throws -> Account? {
        try LedgerStore.account(kind, owner, in: data)
    }

    /// Everyone's accounts of one kind in the order of their owners, a page at a time.
    package static func accounts(
        _ kind: AccountKind,
        after owner: Int64,
        limit: Int,
        in data: borrowing Snapshot
    ) throws -> [Account] {
        try LedgerStore.accounts(kind, after: owner, limit: limit, in: data)
    }

    /// What an account holds; zero for one that was never opened.
    package static func balance(
        _ kind: AccountKind,
        of owner: Int64 = 0,
        in data: borrowing Snapshot
    ) throws -> Money {
        let minor = try LedgerStore.account(kind, owner, in: data)?.balance ?? 0
        return Money(minor: minor, kind.currency)
    }

    /// The account of that id; nil where there is none.
    package static func account(_ id: Account.ID, in data: borrowing Snapshot) throws -> Account? {
        try LedgerStore.account(id, in: data)
    }

    /// All balances in one consistent reading.
    package static func balances(in data: borrowing Snapshot) throws -> [Account] {
        try LedgerStore.accounts(in: data)
    }

    /// Writes an entry, or gives back the one that was written under the same key.
    package static func post(
        _ request: EntryRequest,
        in change: borrowing Change
    ) throws -> Entry {
        if let existing = try LedgerStore.entry(key: request.key, in: change.snapshot) {
            guard request.isSame(as: existing) else { throw LedgerRefusal.keyUsedForAnotherEntry }
            return existing
        }
        try request.check()
        let last = try LedgerStore.last(in: change.snapshot)
        let entry = Entry(
            number: (last?.number ?? 0) + 1,
            request: request,
            // A clock that steps back must not put an entry before the one before it.
            recordedAt: max(change.now, last?.recordedAt ?? change.now)
        )
        try checkFloors(entry, in: change.snapshot)
        try LedgerStore.insert(entry, in: change)
        _ = try log.append(entry.canonical, in: change)
        return entry
    }

    /// Undoes an entry by its mirror image, once.
    package static func reverse(
        _ number: Int64,
        key: String,
        in change: borrowing Change
    ) throws -> Entry {
        guard let original = try LedgerStore.entry(number: number, in: change.snapshot) else {
            throw LedgerRefusal.unknownEntry
        }
        let request = EntryRequest(
            kind: "reversal",
            key: key,
            reference: original.reference,
            effectiveAt: change.now,
            reverses: number,
            legs: original.legs.map { Leg(account: $0.account, amount: -$0.amount) }
        )
        let reversal = try LedgerStore.reversal(of: number, in: change.snapshot)
        guard reversal == nil || reversal?.key == key else { throw LedgerRefusal.alreadyReversed }
        if let reversal { return reversal }
        return try post(request, in: change)
    }

    /// The lines of one account, newest first, each with what was left after it.
    package static func statement(
        _ kind: AccountKind,
        of owner: Int64,
        before number: Int64 = .max,
        limit: Int,
        in data: borrowing Snapshot
    ) throws -> [StatementLine] {
        try LedgerStore.statement(kind, owner, before: number, limit: limit, in: data)
    }

    package static func entry(number: Int64, in data: borrowing Snapshot) throws -> Entry? {
        try LedgerStore.entry(number: number, in: data)
    }

    /// The entry of a one-time key; nil where there is none.
    package static func entry(key: String, in data: borrowing Snapshot) throws -> Entry? {
        try LedgerStore.entry(key: key, in: data)
    }

    /// How many entries of a kind there are.
    package static func count(of kind: String, in data: borrowing Snapshot) throws -> Int64 {
        try LedgerStore.count(of: kind, in: data)
    }

    /// How many entries there are, which is the number of the last.
    package static func count(in data: borrowing Snapshot) throws -> Int64 {
        try LedgerStore.last(in: data)?.number ?? 0
    }

    /// Entries in the order of their numbers, a page at a time.
    package static func entries(
        after number: Int64 = 0,
        limit: Int,
        in data: borrowing Snapshot
    ) throws -> [Entry] {
        try LedgerStore.entries(after: number, limit: limit, in: data)
    }

    private static func checkFloors(_ entry: Entry, in data: borrowing Snapshot) throws {
        var sums: [Account.ID: Int64] = [:]
        for leg in entry.legs { sums[leg.account.id, default: 0] += leg.amount }
        for leg in entry.legs {
            guard let sum = sums[leg.account.id], sum < 0,
                let account = try LedgerStore.account(leg.account.id, in: data),
                let floor = account.floor
            else { continue }
            guard account.balance + sum >= floor else { throw LedgerRefusal.belowFloor }
        }
    }
}
