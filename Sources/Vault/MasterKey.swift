package import Basics
package import Crypto

/// The key above all keys of one installation. It lives in a file of its own, kept apart from
/// the data, and a copy of it belongs in a safe place: without it nothing can be read.
package struct MasterKey: Sendable {
    package let key: SecretKey

    private static let file = KeyFile(
        name: "master key",
        heading: "kith-master-key-1",
        advice: "make one with `kith keys create`, "
            + "or give the one this data was made with by --key FILE"
    )

    package init(key: SecretKey) {
        self.key = key
    }

    package func derived(for purpose: String) -> [UInt8] {
        key.derived(for: purpose).bytes
    }

    /// Makes a new key file. Never overwrites one.
    package static func create(_ path: String, random: RandomSource = .system) throws {
        try file.create(path, random: random)
    }

    /// Throws one clear line if the file is missing or damaged.
    package static func load(_ path: String) throws -> MasterKey {
        MasterKey(key: try file.load(path))
    }
}
