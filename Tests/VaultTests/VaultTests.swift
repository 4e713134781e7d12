import Basics
import Crypto
import Dispatch
import FoundationEssentials
import Store
import Synchronization
import TestSupport
import Testing
import Vault

@Suite struct VaultTests {
    private let database: Database
    private let vault: Vault
    private let master = MasterKey(key: SecretKey(bytes: [UInt8](repeating: 3, count: 32)))
    private let place = SealPlace(table: "identity_person", column: "family_name", row: 1)

    init() throws {
        database = try TestStore.fresh()
        vault = try Vault.open(database: database, master: master, community: "Test")
    }

    private func sealed(_ text: String, for subject: Int64 = 1) throws -> Sealed {
        try database.write { try vault.seal(text, for: subject, at: place, in: $0) }
    }

    @Test(arguments: ["", "Ada", "Gŵyr", String(repeating: "x", count: 10_000)])
    func `what was sealed opens again`(text: String) throws {
        let sealed = try sealed(text)
        #expect(try database.read { try vault.open(sealed, for: 1, at: place, in: $0) } == text)
    }

    @Test func `of many who make a key in one place one does, and its key is the one there`()
        throws
    {
        let folder = try TestFolder()
        for attempt in 1...20 {
            let path = "\(folder.path)/\(attempt).key"
            let made = Mutex<[UInt64]>([])
            DispatchQueue.concurrentPerform(iterations: 8) { number in
                let random = RandomSource.seeded(UInt64(number))
                guard (try? MasterKey.create(path, random: random)) != nil else { return }
                made.withLock { $0.append(UInt64(number)) }
            }
            let winners = made.withLock { $0 }
            #expect(winners.count == 1)
            let bytes = RandomSource.seeded(winners.first ?? 99).bytes(32)
            #expect(try MasterKey.load(path).key.bytes == bytes)
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
        #expect(throws: KeyRefused.self) { try MasterKey.create(folder.path + "/no/such.key") }
    }

    @Test func `a community that takes another name still opens what it sealed before`() throws {
        let before = try sealed("Ada")
        let renamed = try Vault.open(database: database, master: master, community: "Other")
        let text = try database.read { try renamed.open(before, for: 1, at: place, in: $0) }
        #expect(text == "Ada")
    }

    @Test func `the same text never looks the same twice`() throws {
        #expect(try sealed("Ada") != sealed("Ada"))
    }

    @Test func `it opens in no other row, column, table or for another person`() throws {
        let sealed = try sealed("Ada")
        _ = try self.sealed("Ben", for: 2)
        let places = [
            SealPlace(table: "identity_person", column: "family_name", row: 2),
            SealPlace(table: "identity_person", column: "preferred_name", row: 1),
            SealPlace(table: "channels_joining", column: "family_name", row: 1),
        ]
        for place in places {
            #expect(throws: SealBroken.self) {
                try database.read { try vault.open(sealed, for: 1, at: place, in: $0) }
            }
        }
        #expect(throws: SealBroken.self) {
            try database.read { try vault.open(sealed, for: 2, at: place, in: $0) }
        }
    }

    @Test func `a changed byte anywhere is refused`() throws {
        let sealed = try sealed("Ada")
        for index in sealed.bytes.indices {
            var bytes = sealed.bytes
            bytes[index] ^= 1
            let broken = Sealed(bytes: bytes)
            #expect(throws: SealBroken.self) {
                try database.read { try vault.open(broken, for: 1, at: place, in: $0) }
            }
        }
    }

    @Test func `an erased person's words are gone, and no new key is made`() throws {
        let sealed = try sealed("Ada")
        try database.write { try vault.erase(1, in: $0) }
        #expect(throws: Erased.self) {
            try database.read { try vault.open(sealed, for: 1, at: place, in: $0) }
        }
        #expect(throws: Erased.self) { try self.sealed("again") }
    }

    @Test func `a key of another store is refused`() throws {
        let other = MasterKey(key: SecretKey(bytes: [UInt8](repeating: 4, count: 32)))
        #expect(throws: KeyRefused.self) {
            try Vault.open(database: database, master: other, community: "Test")
        }
    }

    @Test func `a key made in a change that is undone is not used again`() throws {
        struct Undone: Error {}
        #expect(throws: Undone.self) {
            try database.write { change in
                _ = try vault.seal("Ada", for: 9, at: place, in: change)
                _ = try vault.seal("Ada", for: 9, at: place, in: change)
                throw Undone()
            }
        }
        let sealed = try sealed("Ada", for: 9)
        let reopened = try Vault.open(database: database, master: master, community: "Test")
        #expect(try database.read { try reopened.open(sealed, for: 9, at: place, in: $0) } == "Ada")
    }

    @Test func `blind indexes ignore case and blanks, and differ by column`() {
        #expect(vault.blindIndex(" Ada ", column: "a") == vault.blindIndex("ada", column: "a"))
        #expect(vault.blindIndex("ada", column: "a") != vault.blindIndex("ada", column: "b"))
        #expect(vault.blindIndex("ada", column: "a").count == 16)
    }

    @Test func `a damaged key file is told from a good one`() throws {
        let path =
            FileManager.default.temporaryDirectory.path + "/key-\(UInt64.random(in: 0...(.max)))"
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(throws: KeyRefused.self) { try MasterKey.load(path) }
        try MasterKey.create(path)
        let key = try MasterKey.load(path)
        #expect(throws: KeyRefused.self) { try MasterKey.create(path) }
        var bytes = try Data(contentsOf: URL(filePath: path))
        #expect(try MasterKey.load(path).key.bytes == key.key.bytes)
        bytes[25] = bytes[25] == 0x30 ? 0x31 : 0x30
        try bytes.write(to: URL(filePath: path))
        #expect(throws: KeyRefused.self) { try MasterKey.load(path) }
    }

    @Test func `a key that cannot be read is not taken for one that is missing`() throws {
        let folder = FileManager.default.temporaryDirectory.path
        let refused = #expect(throws: KeyRefused.self) { try MasterKey.load(folder) }
        #expect(refused?.description.hasPrefix("the master key cannot be read: ") == true)
        let missing = #expect(throws: KeyRefused.self) { try MasterKey.load(folder + "/no.key") }
        #expect(missing?.description.hasPrefix("there is no master key at ") == true)
    }
}
