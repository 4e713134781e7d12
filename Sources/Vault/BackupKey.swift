package import Basics
package import Crypto

/// The key that whatever leaves the machine as a backup is sealed with. It is another than the
/// master key, so that whoever keeps and tests the backups need not be able to read what is
/// personal in them: for that, both are needed.
package struct BackupKey: Sendable {
    package let key: SecretKey

    private static let file = KeyFile(
        name: "backup key",
        heading: "kith-backup-key-1",
        advice: "make one with `kith keys create backup`, "
            + "or give the one the backups were made with by --backup-key FILE"
    )

    package init(key: SecretKey) {
        self.key = key
    }

    /// Makes a new key file. Never overwrites one.
    package static func create(_ path: String, random: RandomSource = .system) throws {
        try file.create(path, random: random)
    }

    /// Throws one clear line if the file is missing or damaged.
    package static func load(_ path: String) throws -> BackupKey {
        BackupKey(key: try file.load(path))
    }
}
