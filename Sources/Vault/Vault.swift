package import Basics
package import Crypto
package import Store
import Synchronization

/// Locks what is personal: a key for each person, locked with the community's key, locked with
/// the master key. Destroying a person's key erases everything sealed for them in this store. A
/// backup made before has the key still: erasure is complete when the last such backup is gone.
///
/// It knows no people, only the number that a key belongs to, and decides nothing about who may
/// read. What it seals opens only in its own table, column and row.
package struct Vault: Sendable {
    private static let version: UInt8 = 1

    /// The name the store was made under. It is part of what is sealed, so it stays whatever
    /// the community calls itself later.
    package let community: String
    private let key: SecretKey
    private let indexKey: SecretKey
    private let cache: KeyCache

    /// Opens the vault of a store with the master key, or makes it on first use. A master key
    /// that is not this store's is refused.
    package static func open(
        database: Database,
        master: MasterKey,
        community: String
    ) throws -> Vault {
        let made = try database.read { try find(in: $0, master) }
        if let made { return made }
        let key = SecretKey(random: .system)
        let sealed = try Wrapping.seal(key.bytes, with: master.key, for: "community")
        try database.write { change in
            try change.run(
                """
                INSERT INTO vault_community (id, name, wrapped, made_at)
                VALUES (1, \(community), \(sealed), \(change.now))
                """
            )
        }
        return Vault(community: community, key: key)
    }

    /// Throws if a store that has a vault was made with another master key.
    package static func check(_ master: MasterKey, in data: borrowing Snapshot) throws {
        _ = try find(in: data, master)
    }

    private static func find(in data: borrowing Snapshot, _ master: MasterKey) throws -> Vault? {
        let made = try data.first("SELECT name, wrapped FROM vault_community WHERE id = 1") { row in
            (name: try row[0] as String, wrapped: try row[1] as [UInt8])
        }
        guard let (name, wrapped) = made else { return nil }
        guard let bytes = try? Wrapping.open(wrapped, with: master.key, for: "community") else {
            throw KeyRefused("the master key is not the one this store was made with")
        }
        return Vault(community: name, key: SecretKey(bytes: bytes))
    }

    private init(community: String, key: SecretKey) {
        self.community = community
        self.key = key
        indexKey = key.derived(for: "blind indexes")
        cache = KeyCache()
    }

    /// A key for one purpose of this community, such as signing its checkpoints.
    package func derivedKey(for purpose: String) -> SecretKey {
        key.derived(for: purpose)
    }

    /// Version byte, nonce, ciphertext and tag. The person's key is made on first use.
    package func seal(
        _ text: String,
        for subject: Int64,
        at place: SealPlace,
        in change: borrowing Change
    ) throws -> Sealed {
        let key = try makeKey(of: subject, in: change)
        let nonce = RandomSource.system.bytes(AESGCM.nonceCount)
        let cipher = try AESGCM.seal(
            Array(text.utf8),
            key: key,
            nonce: nonce,
            context: context(subject, place)
        )
        return Sealed(bytes: [Self.version] + nonce + cipher)
    }

    package func open(
        _ sealed: Sealed,
        for subject: Int64,
        at place: SealPlace,
        in data: borrowing Snapshot
    ) throws -> String {
        guard let key = try findKey(of: subject, in: data) else { throw Erased() }
        let head = 1 + AESGCM.nonceCount
        guard sealed.bytes.count > head, sealed.bytes[0] == Self.version else {
            throw SealBroken(place: place)
        }
        do {
            let plain = try AESGCM.open(
                sealed.bytes[head...],
                key: key,
                nonce: sealed.bytes[1..<head],
                context: context(subject, place)
            )
            return String(decoding: plain, as: UTF8.self)
        } catch is DoesNotOpen {
            throw SealBroken(place: place)
        }
    }

    /// A keyed hash to find an equal text by, without reading any. Letter case and blanks at the
    /// ends do not matter.
    package func blindIndex(_ text: String, column: String) -> [UInt8] {
        let normal = text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let hash = HMAC.sha256(key: indexKey.bytes, Array("\(column)\u{0}\(normal)".utf8))
        return Array(hash.prefix(16))
    }

    /// Destroys a person's key. What was sealed for them cannot be opened by anyone any more.
    package func erase(_ subject: Int64, in change: borrowing Change) throws {
        try change.run("DELETE FROM vault_key WHERE subject = \(subject)")
        try change.run(
            """
            INSERT INTO vault_erasure (subject, erased_at) VALUES (\(subject), \(change.now))
            ON CONFLICT DO NOTHING
            """
        )
    }

    /// Whether what is sealed for them can be opened, or was erased on purpose.
    package static func accounts(for subject: Int64, in data: borrowing Snapshot) throws -> Bool {
        let found: Int64? = try data.value(
            """
            SELECT subject FROM vault_key WHERE subject = \(subject)
            UNION ALL
            SELECT subject FROM vault_erasure WHERE subject = \(subject)
            """
        )
        return found != nil
    }

    private func context(_ subject: Int64, _ place: SealPlace) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(128)
        bytes += community.utf8
        bytes.append(0)
        Self.append(subject, to: &bytes)
        bytes.append(0)
        bytes += place.table.utf8
        bytes.append(0)
        bytes += place.column.utf8
        bytes.append(0)
        Self.append(place.row, to: &bytes)
        return bytes
    }

    /// In decimal.
    private static func append(_ number: Int64, to bytes: inout [UInt8]) {
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        let start = bytes.count
        var rest = number.magnitude
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        bytes[start...].reverse()
    }

    /// The table always has the last word: a key of a change that was undone, or of someone
    /// erased, is never taken from memory.
    private func findKey(of subject: Int64, in data: borrowing Snapshot) throws -> SecretKey? {
        try data.once(Question(KeyOf.self, subject)) { try readKey(of: subject, in: data) }
    }

    private enum KeyOf {}

    private func readKey(of subject: Int64, in data: borrowing Snapshot) throws -> SecretKey? {
        let wrapped: [UInt8]? = try data.value(
            "SELECT wrapped FROM vault_key WHERE subject = \(subject)"
        )
        guard let wrapped else { return nil }
        if let key = cache.key(of: subject, wrapped) { return key }
        let key = SecretKey(
            bytes: try Wrapping.open(wrapped, with: key, for: "person \(subject)")
        )
        cache.keep(key, of: subject, wrapped)
        return key
    }

    private func makeKey(of subject: Int64, in change: borrowing Change) throws -> SecretKey {
        if let key = try findKey(of: subject, in: change.snapshot) { return key }
        let erasedAt: Int64? = try change.snapshot.value(
            "SELECT erased_at FROM vault_erasure WHERE subject = \(subject)"
        )
        guard erasedAt == nil else { throw Erased() }
        let fresh = SecretKey(random: .system)
        let wrapped = try Wrapping.seal(fresh.bytes, with: key, for: "person \(subject)")
        try change.run(
            """
            INSERT INTO vault_key (subject, wrapped, made_at)
            VALUES (\(subject), \(wrapped), \(change.now))
            """
        )
        return fresh
    }
}

/// The person's key was destroyed: what was sealed for them is gone.
package struct Erased: Error {}

/// A sealed value was changed, or stands where it was not sealed for.
package struct SealBroken: Error, CustomStringConvertible {
    let place: SealPlace

    package var description: String {
        "\(place.table).\(place.column) of row \(place.row) does not open"
    }
}

/// Keys that were unwrapped, so that a name costs one decryption and not two.
private final class KeyCache: Sendable {
    private struct Entry {
        let wrapped: [UInt8]
        let key: SecretKey
    }

    private static let most = 4096
    private let entries = Mutex<[Int64: Entry]>([:])

    func key(of subject: Int64, _ wrapped: [UInt8]) -> SecretKey? {
        entries.withLock { entries in
            guard let entry = entries[subject], entry.wrapped == wrapped else { return nil }
            return entry.key
        }
    }

    func keep(_ key: SecretKey, of subject: Int64, _ wrapped: [UInt8]) {
        entries.withLock { entries in
            if entries.count >= Self.most { entries.removeAll(keepingCapacity: true) }
            entries[subject] = Entry(wrapped: wrapped, key: key)
        }
    }
}
