import Basics
import Crypto
import Identity
import Ledger
import Store
import Web

/// Writing an entry that a program asks for, once for each key of its person.
enum Posting {
    static func post(
        _ wanted: WantedEntry,
        once key: String,
        _ permit: MayPostEntry,
        in change: borrowing Change
    ) throws -> Entry {
        let person = permit.program.person
        let body = SHA256.hash(wanted.canonical)
        if let before = try PostingStore.find(key, of: person, in: change.snapshot) {
            guard before.body == body else {
                throw Problem(422, Phrase("ledger-face.key-used"), name: "key-used")
            }
            guard let entry = try Ledger.entry(number: before.entry, in: change.snapshot) else {
                throw LedgerRefusal.unknownEntry
            }
            permit.program.note(.entry, reference: entry.number, because: .administers)
            return entry
        }
        let request = EntryRequest(
            kind: wanted.kind,
            key: "program-\(person)-\(key)",
            effectiveAt: wanted.effectiveAt ?? change.now,
            legs: try legs(wanted, in: change.snapshot)
        )
        let entry: Entry
        do {
            entry = try Ledger.post(request, in: change)
        } catch LedgerRefusal.belowFloor {
            throw Problem(409, LedgerRefusal.belowFloor.phrase, name: "below-floor")
        }
        try PostingStore.insert(key, of: person, body: body, entry: entry.number, in: change)
        try audit(entry, permit, in: change)
        return entry
    }

    private static func legs(_ wanted: WantedEntry, in data: borrowing Snapshot) throws -> [Leg] {
        var legs: [Leg] = []
        var flaws: [Problem.Flaw] = []
        for (place, leg) in wanted.legs.enumerated() {
            guard let account = try Ledger.account(leg.account, in: data) else {
                flaws.append(
                    Problem.Flaw("#/legs/\(place)/account", Phrase("ledger-face.unknown-account"))
                )
                continue
            }
            if account.currency != leg.currency {
                flaws.append(
                    Problem.Flaw("#/legs/\(place)/currency", Phrase("ledger-face.wrong-currency"))
                )
            }
            legs.append(Leg(account: account, amount: leg.amount))
        }
        guard flaws.isEmpty else { throw Problem.flawed(flaws) }
        return legs
    }

    /// Everyone whose account it touches finds it in their own record.
    private static func audit(
        _ entry: Entry,
        _ permit: MayPostEntry,
        in change: borrowing Change
    ) throws {
        let owners = Set(entry.legs.map(\.account.owner)).subtracting([0]).sorted()
        let subjects: [Person.ID?] = owners.map { Person.ID(rawValue: $0) }
        for subject in subjects.isEmpty ? [nil] : subjects {
            try Audit.record(
                .posted,
                .entry,
                reference: entry.number,
                about: subject,
                actor: permit.program.person,
                because: .administers,
                in: change
            )
        }
    }
}
